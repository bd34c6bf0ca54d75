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
    forget) groups="\${groups%% $what *} \${groups#* $what }" ;;
    watchHome) homes="$homes$what:" ;;
    forgetHome) homes="\${homes%%":$what:"*}:\${homes#*":$what:"}" ;;
    over) homes=: ;;
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

/** Creates a reaper. Its process runs only while there is something to watch. */
export function createReaper(logger: Logger): Reaper {
  // On Windows, Node has the system end the children of an ended process.
  if (platform === 'win32') return { watch() {}, forget() {}, watchHome() {}, forgetHome() {} };
  let shell: ChildProcess | undefined;
  let watched = 0;

  type Order = 'watch' | 'forget' | 'watchHome' | 'forgetHome';

  function send(order: Order, subject: number | string): void {
    shell ??= startShell(logger);
    shell.stdin!.write(`${order} ${subject}\n`);
  }

  function watch(order: Order, subject: number | string): void {
    watched += 1;
    send(order, subject);
  }

  function forget(order: Order, subject: number | string): void {
    watched -= 1;
    send(order, subject);
    if (watched > 0) return;
    shell?.stdin!.end('over\n');
    shell = undefined;
  }

  return {
    watch: (group) => watch('watch', group),
    forget: (group) => forget('forget', group),
    watchHome: (home) => watch('watchHome', home),
    forgetHome: (home) => forget('forgetHome', home),
  };
}

function startShell(logger: Logger): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', SCRIPT], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // A separate group, so that it is not killed with the emulator's.
    detached: true,
  });
  shell.once('error', (error) => {
    logger.warn(`Sessions would keep running if the emulator were killed: ${error.message}`);
  });
  shell.stdin.on('error', () => {});
  // It must not keep the emulator alive.
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  return shell;
}
