import { spawn, type ChildProcess } from 'node:child_process';
import { platform } from 'node:process';
import type { Logger } from '../../log.ts';

/** Kills the remaining process groups if the emulator is killed. */
export interface Reaper {
  watch(group: number): void;
  forget(group: number): void;
  /** Also kills processes outside the groups that have this home in their environment (Linux only). */
  watchHome(home: string): void;
  forgetHome(home: string): void;
}

// When the emulator is killed, the operating system closes this program's standard input. A shell
// needs a fortieth of the memory of another Node process.
const SCRIPT = `
trap '' HUP INT TERM
groups= homes=:
while read -r order what; do
  case $order in
    watch) groups="$groups $what " ;;
    forget) groups="\${groups%% $what *}\${groups#* $what }" ;;
    watchHome) homes="$homes$what:" ;;
    forgetHome) homes="\${homes%%":$what:"*}:\${homes#*":$what:"}" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
[ "$homes" = : ] && exit
for process in /proc/[0-9]*; do
  home=$(tr '\\0' '\\n' < "$process/environ" | sed -n 's/^HOME=//p')
  [ "$home" ] || continue
  case $homes in *":$home:"*) kill -s KILL "\${process#/proc/}" ;; esac
done
`;

/** The shell of all reapers. It stays for the next session, because each fork of a large process is slow. */
let shell: ChildProcess | undefined;
/** Orders that a new shell needs. */
const watched = new Set<string>();

/** Creates a reaper. All reapers of this process share one shell, which starts with the first session. */
export function createReaper(logger: Logger): Reaper {
  // On Windows, Node has the system end the children of an ended process.
  if (platform === 'win32') return { watch() {}, forget() {}, watchHome() {}, forgetHome() {} };

  function watch(order: string): void {
    watched.add(order);
    if (shell) send(order);
    else shell = startShell(logger);
  }

  return {
    watch: (group) => watch(`watch ${group}`),
    forget(group) {
      if (watched.delete(`watch ${group}`)) send(`forget ${group}`);
    },
    watchHome: (home) => watch(`watchHome ${home}`),
    forgetHome(home) {
      if (watched.delete(`watchHome ${home}`)) send(`forgetHome ${home}`);
    },
  };
}

function send(order: string): void {
  shell?.stdin!.write(`${order}\n`);
}

function startShell(logger: Logger): ChildProcess {
  const started = spawn('/bin/sh', ['-c', SCRIPT], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // A separate group, so that it is not killed with the emulator's.
    detached: true,
  });
  started.once('error', (error) => {
    shell = undefined;
    logger.warn(`Sessions would keep running if the emulator were killed: ${error.message}`);
  });
  started.once('exit', () => (shell = undefined));
  started.stdin.on('error', () => {});
  for (const order of watched) started.stdin.write(`${order}\n`);
  // It must not keep the emulator alive.
  started.unref();
  (started.stdin as unknown as { unref(): void }).unref();
  return started;
}
