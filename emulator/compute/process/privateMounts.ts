import { execFile } from 'node:child_process';
import { mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { platform } from 'node:process';
import { promisify } from 'node:util';
import { CannotStartError, type MachineStorage } from '../compute.ts';
import { isWithin } from '../isWithin.ts';

/** A program and its arguments. */
export type CommandLine = readonly [program: string, ...rest: string[]];

/** Starts programs that have their own folders under /mnt. */
export interface PrivateMounts {
  /** Checks that private mounts work on this system. Rejects with CannotStartError otherwise. */
  ensure(): Promise<void>;
  /**
   * Returns a command line that starts a program with its mounts. The process becomes the program, so
   * process ID, group, signals and exit code are the program's.
   */
  wrap(program: CommandLine, mounted: MountedFolder): Promise<CommandLine>;
}

/** The folders that a program gets under /mnt. */
export interface MountedFolder {
  readonly storage: MachineStorage;
  /** The folder of all storages. */
  readonly storageFolder: string;
  /** The folder that becomes /mnt. As in AWS, files outside the mounts are removed with the machine. */
  readonly place: string;
  /** Paths that the program needs, so no mount may hide them. */
  readonly needs: readonly string[];
}

const MNT = '/mnt';

// The computer's own folders under /mnt stay visible: under WSL, the Windows drives and often the
// project are there. Folders that cannot be mounted are skipped.
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

/** The path of `mount`, and the commands before SCRIPT and before the program. */
interface MountMethod {
  readonly mount: string;
  readonly outer: CommandLine;
  readonly inner: readonly string[];
}

/** Uses Linux mount namespaces by util-linux: as root, or in a user namespace. */
export function createPrivateMounts(): PrivateMounts {
  let finding: Promise<MountMethod> | undefined;
  const find = () =>
    (finding ??= findMethod().catch((error: unknown) => {
      // The missing program may be installed later.
      finding = undefined;
      throw error;
    }));
  return {
    ensure: async () => void (await find()),
    async wrap(program, { storage, storageFolder, place, needs }) {
      const { mount, outer, inner } = await find();
      requireVisible(needs, storage.mounts);
      const storageFolders = storage.mounts.map((path) =>
        join(storageFolder, storage.id, basename(path)),
      );
      for (const folder of storageFolders) {
        await mkdir(folder, { recursive: true });
        await mkdir(join(place, basename(folder)), { recursive: true });
      }
      const others = await createMountPoints(place, storage.mounts);
      const script = ['-c', SCRIPT, 'sh', mount, place, ...storageFolders, '--', ...others, '--'];
      return [...outer, '/bin/sh', ...script, ...inner, ...program];
    },
  };
}

async function findMethod(): Promise<MountMethod> {
  if (platform !== 'linux') throw cannotStart('only Linux has them');
  const run = promisify(execFile);
  const find = async (program: string) => {
    const { stdout } = await run('/bin/sh', ['-c', `command -v ${program}`]).catch(() => {
      throw cannotStart(`${program} (part of util-linux) is not on PATH`);
    });
    return stdout.trim();
  };
  const [unshare, mount] = [await find('unshare'), await find('mount')];
  const [user, group] = [process.getuid!(), process.getgid!()];
  const asRoot: MountMethod = { mount, outer: [unshare, '--mount'], inner: [] };
  // Only a namespace's root may mount. The inner unshare restores the user.
  const asUser: MountMethod = {
    mount,
    outer: [unshare, '--user', '--map-root-user', '--mount'],
    inner: [unshare, '--user', `--map-user=${user}`, `--map-group=${group}`],
  };
  let reason = '';
  for (const method of user === 0 ? [asRoot, asUser] : [asUser]) {
    try {
      const [program, ...rest] = method.outer;
      const attempt = `"${mount}" --rbind ${MNT} ${MNT} && exec "$@"`;
      await run(program, [...rest, '/bin/sh', '-c', attempt, 'sh', ...method.inner, 'true']);
      return method;
    } catch (error) {
      const [firstLine] = (error as { stderr: string }).stderr.split('\n');
      reason ||= firstLine || (error as Error).message;
    }
  }
  throw cannotStart(`this one was denied: ${reason}`);
}

function cannotStart(reason: string): CannotStartError {
  return new CannotStartError(
    `session storage in a process needs a mount namespace, and ${reason}. Run the agent in a container: set "build": "Container" in agentcore.json, or use --compute container`,
  );
}

function requireVisible(needs: readonly string[], mounts: readonly string[]): void {
  for (const mount of mounts) {
    const hidden = needs.find((path) => isWithin(path, mount));
    if (hidden === undefined) continue;
    throw new CannotStartError(
      `the session storage at ${mount} would hide ${hidden}, which the agent needs. Choose another mountPath in agentcore.json, or run the agent in a container`,
    );
  }
}

/** Creates mount points in `place` for the other entries of /mnt. Returns the folders to mount. */
async function createMountPoints(place: string, mounts: readonly string[]): Promise<string[]> {
  const folders: string[] = [];
  for (const entry of await readdir(MNT, { withFileTypes: true })) {
    const path = join(MNT, entry.name);
    if (mounts.includes(path)) continue;
    const mountPoint = join(place, entry.name);
    // The link exists if the machine has started a program before.
    if (entry.isSymbolicLink()) {
      await symlink(await readlink(path), mountPoint).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
    if (!entry.isDirectory()) continue;
    await mkdir(mountPoint, { recursive: true });
    folders.push(path);
  }
  return folders;
}
