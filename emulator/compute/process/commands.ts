import { spawn, type ChildProcess } from 'node:child_process';
import { CannotStartError, type RunningCommand, type Terminal } from '../compute.ts';
import { OPEN_SHELL, RUN_COMMAND, TERMINAL_KIND } from '../shell.ts';
import type { CommandLine } from './privateMounts.ts';
import { openOutputPipes } from './pipes.ts';
import { groupLives, ownGroup, signalGroup } from '../../../src/shared/node/processGroup.ts';
import type { FindPseudoterminal } from './pseudoterminal.ts';
import type { Reaper } from './reaper.ts';
import { followCommand } from './runningCommand.ts';
import { endStrayProcesses } from './strayProcesses.ts';
import { openProcessTerminal } from './terminal.ts';

/** The commands and shells that run in one machine beside its agent. */
export interface MachineCommands {
  run(command: string): Promise<RunningCommand>;
  openTerminal(): Promise<Terminal>;
  /** Asks them to end. */
  askToEnd(): void;
  /** Ends them, and whatever any of them left running. */
  end(): Promise<void>;
}

/** Where the machine's processes run. */
export interface CommandContext {
  /** The command line that starts a program in the machine. */
  readonly inMachine: (program: CommandLine) => Promise<CommandLine>;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** A folder of the machine's own, by whose name in their environment its processes are known. */
  readonly home: string;
  readonly findPseudoterminal: FindPseudoterminal;
  readonly reaper: Reaper;
}

/** How often we look whether what a command left running still does. */
const LOOK_MILLISECONDS = 1_000;

/** None runs yet. */
export function createMachineCommands({
  inMachine,
  cwd,
  env,
  home,
  findPseudoterminal,
  reaper,
}: CommandContext): MachineCommands {
  const leaders = new Set<ChildProcess>();
  let anyRan = false;
  let over = false;
  let ending: Promise<void> | null = null;

  function refuseIfOver(): void {
    if (over) throw new CannotStartError('the session has ended');
  }

  async function run(command: string): Promise<RunningCommand> {
    refuseIfOver();
    const [program, ...rest] = await inMachine(['/bin/sh', '-c', RUN_COMMAND, 'sh', command]);
    refuseIfOver();
    const pipes = await openOutputPipes(home).catch(refuse);
    const child = await started(() =>
      spawn(program, rest, { cwd, env, stdio: ['ignore', ...pipes.writeTo], ...ownGroup }),
    )
      .finally(pipes.handedOn)
      .catch((error: Error) => {
        pipes.discard();
        return refuse(error);
      });
    keepTrackOf(child);
    return followCommand(child, pipes, () => over);
  }

  async function openShell(): Promise<Terminal> {
    refuseIfOver();
    const [inTerminal, shell] = await Promise.all([
      findPseudoterminal(),
      inMachine(['/bin/sh', '-c', OPEN_SHELL]),
    ]);
    refuseIfOver();
    const [program, ...rest] = inTerminal(shell);
    const child = await started(() =>
      spawn(program, rest, { cwd, env: { ...env, TERM: TERMINAL_KIND }, ...ownGroup }),
    ).catch(refuse);
    keepTrackOf(child);
    return openProcessTerminal(child, () => over);
  }

  function keepTrackOf(leader: ChildProcess): void {
    const pid = leader.pid!;
    leaders.add(leader);
    reaper.watch(pid);
    if (!anyRan) reaper.watchHome(home);
    anyRan = true;
    leader.once('exit', () => {
      // The number of a group is its own only while it has members.
      const look = setInterval(forgetIfGone, LOOK_MILLISECONDS).unref();
      forgetIfGone();
      function forgetIfGone(): void {
        if (!over && groupLives(leader)) return;
        clearInterval(look);
        leaders.delete(leader);
        reaper.forget(pid);
      }
    });
    // The machine may have ended while this one was started.
    if (over) signalGroup(leader, 'SIGKILL');
  }

  return {
    run,
    openTerminal: openShell,
    askToEnd() {
      over = true;
      for (const leader of leaders) signalGroup(leader, 'SIGTERM');
    },
    end: () => (ending ??= end()),
  };

  async function end(): Promise<void> {
    over = true;
    for (const leader of leaders) signalGroup(leader, 'SIGKILL');
    if (anyRan) await endStrayProcesses(home);
  }
}

/** Rejects for whatever reason: some, such as a command line that is too long, `spawn` throws. */
function started<Child extends ChildProcess>(launch: () => Child): Promise<Child> {
  return new Promise((resolve, reject) => {
    const child = launch();
    child.once('spawn', () => resolve(child));
    child.once('error', reject);
  });
}

function refuse(error: NodeJS.ErrnoException): never {
  throw new CannotStartError(
    error.code === 'ENOENT'
      ? 'commands need /bin/sh and mkfifo, which this system does not have; run the agent in a container'
      : `its shell could not be started: ${error.message}`,
  );
}
