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
  /** Sends SIGTERM. */
  terminate(): void;
  /** Kills them, and everything that the machine's agent and commands started. */
  end(): Promise<void>;
}

/** The context that the machine's processes run in. */
export interface CommandContext {
  /** Returns the command line that starts a program in the machine. */
  readonly inMachine: (program: CommandLine) => Promise<CommandLine>;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The machine's home. Its path in their environment identifies the machine's processes. */
  readonly home: string;
  readonly findPseudoterminal: FindPseudoterminal;
  readonly reaper: Reaper;
}

/** Interval between checks for a command's background processes. */
const POLL_MILLISECONDS = 1_000;

/** Creates the commands of one machine. */
export function createMachineCommands({
  inMachine,
  cwd,
  env,
  home,
  findPseudoterminal,
  reaper,
}: CommandContext): MachineCommands {
  const leaders = new Set<ChildProcess>();
  let ended = false;
  let ending: Promise<void> | null = null;
  reaper.watchHome(home);

  function throwIfEnded(): void {
    if (ended) throw new CannotStartError('the session has ended');
  }

  async function run(command: string): Promise<RunningCommand> {
    throwIfEnded();
    const [program, ...rest] = await inMachine(['/bin/sh', '-c', RUN_COMMAND, 'sh', command]);
    throwIfEnded();
    const pipes = await openOutputPipes(home).catch(throwCannotStart);
    const child = await waitForSpawn(() =>
      spawn(program, rest, { cwd, env, stdio: ['ignore', ...pipes.writeTo], ...ownGroup }),
    )
      .finally(pipes.closeWriteEnds)
      .catch((error: Error) => {
        pipes.discard();
        return throwCannotStart(error);
      });
    track(child);
    return followCommand(child, pipes, () => ended);
  }

  async function openShell(): Promise<Terminal> {
    throwIfEnded();
    const [inTerminal, shell] = await Promise.all([
      findPseudoterminal(),
      inMachine(['/bin/sh', '-c', OPEN_SHELL]),
    ]);
    throwIfEnded();
    const [program, ...rest] = inTerminal(shell);
    const child = await waitForSpawn(() =>
      spawn(program, rest, { cwd, env: { ...env, TERM: TERMINAL_KIND }, ...ownGroup }),
    ).catch(throwCannotStart);
    track(child);
    return openProcessTerminal(child, () => ended);
  }

  function track(leader: ChildProcess): void {
    const pid = leader.pid!;
    leaders.add(leader);
    reaper.watch(pid);
    leader.once('exit', () => {
      // A group's ID can be reused once the group has no members.
      const timer = setInterval(removeIfEnded, POLL_MILLISECONDS).unref();
      removeIfEnded();
      function removeIfEnded(): void {
        if (!ended && groupLives(leader)) return;
        clearInterval(timer);
        leaders.delete(leader);
        reaper.forget(pid);
      }
    });
    // The machine may have ended in the meantime.
    if (ended) signalGroup(leader, 'SIGKILL');
  }

  return {
    run,
    openTerminal: openShell,
    terminate() {
      ended = true;
      for (const leader of leaders) signalGroup(leader, 'SIGTERM');
    },
    end: () => (ending ??= end()),
  };

  async function end(): Promise<void> {
    ended = true;
    for (const leader of leaders) signalGroup(leader, 'SIGKILL');
    await endStrayProcesses(home);
    reaper.forgetHome(home);
  }
}

/** Resolves once the process runs. Rejects for every error, including those that `spawn` throws. */
function waitForSpawn<Child extends ChildProcess>(launch: () => Child): Promise<Child> {
  return new Promise((resolve, reject) => {
    const child = launch();
    child.once('spawn', () => resolve(child));
    child.once('error', reject);
  });
}

function throwCannotStart(error: NodeJS.ErrnoException): never {
  throw new CannotStartError(
    error.code === 'ENOENT'
      ? 'commands need /bin/sh and mkfifo, which this system does not have. Run the agent in a container'
      : `the shell could not be started: ${error.message}`,
  );
}
