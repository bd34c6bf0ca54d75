import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { CannotStart, type CommandExit, type RunningCommand } from '../compute.ts';
import { createCommandOutput } from '../commandOutput.ts';
import { RUN_COMMAND } from '../shell.ts';
import type { CommandLine } from './ownMounts.ts';
import { openOutputPipes, type OutputPipes } from './pipes.ts';
import { groupLives, ownGroup, signalGroup } from './processGroup.ts';
import type { Reaper } from './reaper.ts';
import { endStrays } from './strays.ts';

/** The commands that run in one machine beside its agent. */
export interface MachineCommands {
  run(command: string): Promise<RunningCommand>;
  /** Asks them to end. */
  askToEnd(): void;
  /** Ends them, and whatever any of them left running. */
  end(): Promise<void>;
}

/** Where the machine's processes run. */
export interface Surrounding {
  /** The command line that starts a program in the machine. */
  readonly inMachine: (program: CommandLine) => Promise<CommandLine>;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** A folder of the machine's own, by whose name in their environment its processes are known. */
  readonly home: string;
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
  reaper,
}: Surrounding): MachineCommands {
  const leaders = new Set<ChildProcess>();
  let anyRan = false;
  let over = false;
  let ending: Promise<void> | null = null;

  function refuseIfOver(): void {
    if (over) throw new CannotStart('the session has ended');
  }

  async function run(command: string): Promise<RunningCommand> {
    refuseIfOver();
    const [program, ...rest] = await inMachine(['/bin/sh', '-c', RUN_COMMAND, 'sh', command]);
    refuseIfOver();
    const pipes = await openOutputPipes(home).catch(refuse);
    const child = spawn(program, rest, {
      cwd,
      env,
      stdio: ['ignore', ...pipes.writeTo],
      ...ownGroup,
    });
    pipes.handedOn();
    await spawned(child).catch(refuse);
    anyRan = true;
    keepTrackOf(child);
    return follow(child, pipes, () => over);
  }

  function keepTrackOf(leader: ChildProcess): void {
    const pid = leader.pid!;
    leaders.add(leader);
    reaper.watch(pid);
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
    askToEnd() {
      over = true;
      for (const leader of leaders) signalGroup(leader, 'SIGTERM');
    },
    end: () => (ending ??= end()),
  };

  async function end(): Promise<void> {
    over = true;
    for (const leader of leaders) signalGroup(leader, 'SIGKILL');
    if (anyRan) await endStrays(home);
  }
}

function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
}

function refuse(error: NodeJS.ErrnoException): never {
  throw new CannotStart(
    error.code === 'ENOENT'
      ? 'commands need /bin/sh and mkfifo, which this system does not have; run the agent in a container'
      : `its shell could not be started: ${error.message}`,
  );
}

function follow(
  child: ChildProcess,
  pipes: Pick<OutputPipes, 'stdout' | 'stderr'>,
  isOver: () => boolean,
): RunningCommand {
  const names = ['stdout', 'stderr'] as const;
  const output = createCommandOutput({
    pause: () => names.forEach((name) => pipes[name].pause()),
    resume: () => names.forEach((name) => pipes[name].resume()),
  });
  for (const name of names) {
    pipes[name].on('data', (bytes: Buffer) => output.add(name, bytes));
  }
  const drained = Promise.all(names.map((name) => once(pipes[name], 'close')));
  const exited = new Promise<CommandExit>((resolve) => {
    child.once('exit', (code, signal) => {
      output.finish();
      void drained.then(output.end);
      const status = code ?? 128 + constants.signals[signal!];
      resolve(isOver() ? { withMachine: true } : { withMachine: false, code: status });
    });
  });
  return {
    output: output.chunks,
    exited,
    discard: output.end,
    kill: () => signalGroup(child, 'SIGKILL'),
  };
}
