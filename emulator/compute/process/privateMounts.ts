import { execFile } from 'node:child_process';
import { mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { platform } from 'node:process';
import { promisify } from 'node:util';
import { CannotStartError, type MachineStorage } from '../compute.ts';
import { isWithin } from '../isWithin.ts';

/** A program with its arguments. */
export type CommandLine = readonly [program: string, ...rest: string[]];

/** Starts programs for which the folders under /mnt are their own. */
export interface PrivateMounts {
  /** Finds out how that can be done here, if it is not known yet; rejects with CannotStart where it cannot. */
  ensure(): Promise<void>;
  /**
   * The command line that starts a program so. It becomes that program, so process id, group,
   * signals and exit code are as if it had been started by itself.
   */
  wrap(program: CommandLine, mounted: MountedFolder): Promise<CommandLine>;
}

/** What a program finds under /mnt, and where that is. */
export interface MountedFolder {
  readonly storage: MachineStorage;
  /** The folder of storages. */
  readonly storageFolder: string;
  /** A folder that becomes /mnt; it goes with the machine, as what is beside the mounts does in AWS. */
  readonly place: string;
  /** What the program cannot be without: it must not lie behind a mount. */
  readonly needs: readonly string[];
}

const MNT = '/mnt';

// What the computer has under /mnt stays visible beside the mounts: under WSL everything of Windows
// is there, often the project, too. What cannot be shown of it is left out.
const SCRIPT = `
set -e
mount=$1 place=$2
shift 2
while [ "$1" != -- ]; do "$mount" --bind "$1" "$place/\${1##*/}"; shift; done
shift
while [ "$1" != -- ]; do "$mount" --rbind "$1" "$place/\${1##*/}" 2>/dev/null || :; shift; done
shift
"$mount" --rbind "$place" ${MNT}
exec "$@"
`;

/** Where the programs are, and what of a command line stands before SCRIPT and before the program. */
interface Way {
  readonly mount: string;
  readonly outer: CommandLine;
  readonly inner: readonly string[];
}

/** Mount namespaces of Linux, by util-linux: as root, else in a user namespace. */
export function createPrivateMounts(): PrivateMounts {
  let finding: Promise<Way> | undefined;
  const find = () =>
    (finding ??= findWay().catch((error: unknown) => {
      // What is missing may be there the next time.
      finding = undefined;
      throw error;
    }));
  return {
    ensure: async () => void (await find()),
    async wrap(program, { storage, storageFolder, place, needs }) {
      const { mount, outer, inner } = await find();
      refuseHidden(needs, storage.mounts);
      const own = storage.mounts.map((path) => join(storageFolder, storage.id, basename(path)));
      for (const folder of own) {
        await mkdir(folder, { recursive: true });
        await mkdir(join(place, basename(folder)), { recursive: true });
      }
      const others = await standIns(place, storage.mounts);
      const script = ['-c', SCRIPT, 'sh', mount, place, ...own, '--', ...others, '--'];
      return [...outer, '/bin/sh', ...script, ...inner, ...program];
    },
  };
}

async function findWay(): Promise<Way> {
  if (platform !== 'linux') throw cannotStart('this system has no mount namespaces as Linux has');
  const run = promisify(execFile);
  const find = async (program: string) => {
    const { stdout } = await run('/bin/sh', ['-c', `command -v ${program}`]).catch(() => {
      throw cannotStart(`there is no ${program} on PATH (it is part of util-linux)`);
    });
    return stdout.trim();
  };
  const [unshare, mount] = [await find('unshare'), await find('mount')];
  const [user, group] = [process.getuid!(), process.getgid!()];
  const asRoot: Way = { mount, outer: [unshare, '--mount'], inner: [] };
  // Only root of its namespace may mount; then the agent is made who it was.
  const asUser: Way = {
    mount,
    outer: [unshare, '--user', '--map-root-user', '--mount'],
    inner: [unshare, '--user', `--map-user=${user}`, `--map-group=${group}`],
  };
  let why = '';
  for (const way of user === 0 ? [asRoot, asUser] : [asUser]) {
    try {
      const [program, ...rest] = way.outer;
      const attempt = `"${mount}" --rbind ${MNT} ${MNT} && exec "$@"`;
      await run(program, [...rest, '/bin/sh', '-c', attempt, 'sh', ...way.inner, 'true']);
      return way;
    } catch (error) {
      const [words] = (error as { stderr: string }).stderr.split('\n');
      why ||= words || (error as Error).message;
    }
  }
  throw cannotStart(`this one was refused one: ${why}`);
}

function cannotStart(why: string): CannotStartError {
  return new CannotStartError(
    `the agent has session storage, for which a process needs a mount namespace of its own, and ${why}. Run it in a container: "build": "Container" in agentcore.json, or --compute container`,
  );
}

function refuseHidden(needs: readonly string[], mounts: readonly string[]): void {
  for (const mount of mounts) {
    const hidden = needs.find((path) => isWithin(path, mount));
    if (hidden === undefined) continue;
    throw new CannotStartError(
      `the session storage at ${mount} would hide ${hidden}, which the agent needs. Choose another mountPath in agentcore.json, or run the agent in a container`,
    );
  }
}

/** Makes in `place` what the rest of /mnt can be mounted on, and says what there is to mount. */
async function standIns(place: string, mounts: readonly string[]): Promise<string[]> {
  const folders: string[] = [];
  for (const entry of await readdir(MNT, { withFileTypes: true })) {
    const path = join(MNT, entry.name);
    if (mounts.includes(path)) continue;
    const standIn = join(place, entry.name);
    // The machine's next program finds what was made for the one before.
    if (entry.isSymbolicLink()) {
      await symlink(await readlink(path), standIn).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
    if (!entry.isDirectory()) continue;
    await mkdir(standIn, { recursive: true });
    folders.push(path);
  }
  return folders;
}
