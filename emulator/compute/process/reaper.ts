import { spawn, type ChildProcess } from 'node:child_process';
import { platform } from 'node:process';
import type { Logger } from '../../log.ts';

/** Ends the process groups that an emulator leaves behind when it is killed. */
export interface Reaper {
  watch(group: number): void;
  forget(group: number): void;
  /** Ends with them what has left its group, as far as Linux shows that it has this home. */
  watchHome(home: string): void;
}

// A killed emulator can do nothing any more, but the system closes its end of this program's
// standard input. A shell does, at a fortieth of what another Node would take of the memory.
const SCRIPT = `
trap '' HUP INT TERM
groups= homes=:
while read -r order what; do
  case $order in
    watch) groups="$groups $what " ;;
    forget) groups="\${groups%% $what *} \${groups#* $what }" ;;
    home) homes="$homes$what:" ;;
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

/** A reaper, which is there while it has something to watch. */
export function createReaper(logger: Logger): Reaper {
  // Node itself has Windows end the children of a process that is gone.
  if (platform === 'win32') return { watch() {}, forget() {}, watchHome() {} };
  let shell: ChildProcess | undefined;
  let watched = 0;

  function tell(order: 'watch' | 'forget' | 'home', what: number | string): void {
    shell ??= startShell(logger);
    shell.stdin!.write(`${order} ${what}\n`);
  }

  return {
    watch(group) {
      watched += 1;
      tell('watch', group);
    },
    forget(group) {
      watched -= 1;
      tell('forget', group);
      if (watched > 0) return;
      shell?.stdin!.end('over\n');
      shell = undefined;
    },
    watchHome: (home) => tell('home', home),
  };
}

function startShell(logger: Logger): ChildProcess {
  const shell = spawn('/bin/sh', ['-c', SCRIPT], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // A group of its own, or it would be killed with the emulator's.
    detached: true,
  });
  shell.once('error', (error) => {
    logger.warn(`sessions would outlive a killed emulator: ${error.message}`);
  });
  shell.stdin.on('error', () => {});
  // It must not keep the emulator alive.
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  return shell;
}
