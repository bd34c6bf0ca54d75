import { mkdir } from 'node:fs/promises';
import { Agent as ConnectionPool } from 'node:http';
import { join } from 'node:path';
import { createBacklog } from '../../../src/shared/backlog.ts';
import type { ComputeSummary, LogLine, TimelineEntry } from '../../../src/shared/session.ts';
import type { Clock } from '../../clock.ts';
import type {
  Compute,
  MachineExit,
  Machine,
  MachineStorage,
  RunningCommand,
  Terminal,
} from '../../compute/compute.ts';
import { removeFolder } from '../../storage/removal.ts';
import { agentCode, type AgentRuntime } from './agents.ts';
import { sendPing, type AgentConnection } from './agentConnection.ts';
import { createSessionLog, type SessionLog } from './sessionLog.ts';
import type { PingAnswer, PingProblem } from './ping.ts';
import { protocols } from './protocols/protocols.ts';
import { startAgent, StartFailure } from './startAgent.ts';
import { stampEntry, type UntimedEntry } from './timeline.ts';

/**
 * An agent that runs on a machine of its own, from the machine's making to its removal. It is made for
 * a session, or before there is one; then it hears all that was said so far when it gets one.
 */
export interface Instance {
  readonly agent: AgentRuntime;
  /** What it finds under /mnt; null where its agent has no mounts. */
  readonly storage: MachineStorage | null;
  /** Resolves with its first healthy answer; rejects with StartFailure. */
  readonly ready: Promise<PingAnswer>;
  /** Resolves when its machine has ended, for whatever reason; pends if there never was one. */
  readonly exited: Promise<MachineExit>;
  /** Makes it a session's; there is one in its life. */
  assign(tenant: InstanceSession): void;
  /** Lets it sleep until it is wanted; it must be ready. */
  pause(): Promise<void>;
  /** Resolves when it serves, awake, with its answer to a ping. */
  resume(): Promise<PingAnswer>;
  /** Asks how it is, once ready; null where its protocol leaves that to its start. */
  readonly ping: (() => Promise<PingAnswer | PingProblem>) | null;
  /** Where the agent listens, once ready. */
  connection(): AgentConnection;
  /** Runs a shell's command beside the agent, once ready. */
  run(command: string): Promise<RunningCommand>;
  /** Opens an interactive shell beside the agent, once ready. */
  openTerminal(): Promise<Terminal>;
  compute(): ComputeSummary | null;
  logs(): Promise<LogLine[]>;
  /** Its last lines, as a sentence to end an error message with. */
  quoteOutput(): string;
  /** Notes what it did, for its session. */
  record(entry: UntimedEntry<TimelineEntry>): void;
  /** Ends its machine; how that ended, if there was one. */
  stop(): Promise<MachineExit | null>;
  /** Stops it, and removes all but what it printed. */
  close(): Promise<void>;
  /** Removes what it printed, too; nobody asks for it any more. */
  deleteOutput(): Promise<void>;
}

/** The session that an instance serves. */
export interface InstanceSession {
  addLogLine(line: LogLine): void;
  addEntry(entry: TimelineEntry): void;
  /** Adds a note to the timeline and a warning to the log. */
  warn(problem: string): void;
  /** Its machine is being made; until then it must be ready. */
  setStartDeadline(readyBy: number): void;
  /** A ping that was not healthy. */
  reportPingProblem(problem: string): void;
  /** Resolves when the session is over. */
  readonly terminated: Promise<void>;
}

/** What an instance is made in. */
export interface InstanceDependencies {
  readonly compute: Compute;
  readonly clock: Clock;
  /** Of its own; it is made. */
  readonly folder: string;
  readonly storage: MachineStorage | null;
  /** Variables that say where the agent is. */
  readonly addressVariables: Readonly<Record<string, string>>;
  /** Gives it an address of its own, and the variables that lead its agent to it. */
  readonly issueUrl: (instance: Instance, emulatorUrl: string) => SessionAddress;
}

/** Where an instance calls the emulator. */
export interface SessionAddress {
  readonly environment: Readonly<Record<string, string>>;
  readonly revoke: () => void;
}

/** Characters of output that wait in memory for the instance's session. */
const MAX_EARLY_CHARACTERS = 1_000_000;

/** Starts at once. */
export function createInstance(
  agent: AgentRuntime,
  {
    compute,
    clock,
    folder,
    storage,
    addressVariables: whereabouts,
    issueUrl: admit,
  }: InstanceDependencies,
): Instance {
  const code = agentCode(agent);
  const { health } = protocols[agent.source.protocol];
  const files = join(folder, 'machine');
  const exited = Promise.withResolvers<MachineExit>();
  const closed = Promise.withResolvers<void>();
  const abandoned = new AbortController();
  // Servers drop idle connections after 5 s (uvicorn, Node); ours go first.
  const connections = new ConnectionPool({ keepAlive: true, timeout: 4_000 });
  const unheard: ((tenant: InstanceSession) => void)[] = [];
  const earlyLines = createBacklog<LogLine>(MAX_EARLY_CHARACTERS, ({ text }) => text.length);
  let tenant: InstanceSession | null = null;
  let making: Promise<Machine> | null = null;
  let machine: Machine | null = null;
  let port: number | null = null;
  let exit: MachineExit | null = null;
  let output: SessionLog | null = null;
  let revokeAddress: () => void = () => {};
  let fallingAsleep: Promise<void> | null = null;
  let stopping: Promise<MachineExit | null> | null = null;
  let closing: Promise<void> | null = null;

  const instance: Instance = {
    agent,
    storage,
    ready: bringUp(),
    exited: exited.promise,
    assign(session) {
      tenant = session;
      for (const say of unheard.splice(0)) say(session);
      const { items, dropped } = earlyLines.take();
      const [first] = items;
      if (first && dropped > 0)
        session.addLogLine({ ...first, text: `… ${dropped} lines dropped` });
      for (const line of items) session.addLogLine(line);
    },
    pause: () => (fallingAsleep ??= machine!.pause()),
    async resume() {
      const answer = await instance.ready;
      if (fallingAsleep === null) return answer;
      await fallingAsleep;
      fallingAsleep = null;
      await machine!.resume();
      const now = await sendPing(instance.connection(), health);
      if ('problem' in now)
        throw new StartFailure(`It woke, but ${now.problem}.${instance.quoteOutput()}`);
      return now;
    },
    ping: health.repeats ? () => sendPing(instance.connection(), health) : null,
    connection() {
      if (port === null) throw new Error('an instance has no line before it is ready');
      return { port, connections };
    },
    run: (command) => machine!.run(command),
    openTerminal: () => machine!.openTerminal(),
    compute: () => machine && { ...machine.identity, port },
    logs: async () => (await output?.read()) ?? [],
    quoteOutput: () => output?.quoteTail() ?? '',
    record(fields) {
      const entry = stampEntry(clock, fields);
      tell((session) => session.addEntry(entry));
    },
    stop,
    close: () => (closing ??= close()),
    async deleteOutput() {
      await removeFolder(folder);
    },
  };
  // Whoever wants it awaits it; if it fails before that, it has failed all the same.
  instance.ready.catch(() => {});
  return instance;

  function tell(say: (session: InstanceSession) => void): void {
    if (tenant === null) unheard.push(say);
    else say(tenant);
  }

  function warn(problem: string): void {
    tell((session) => session.warn(problem));
  }

  async function bringUp(): Promise<PingAnswer> {
    try {
      await mkdir(folder, { recursive: true });
      abandoned.signal.throwIfAborted();
      output = createSessionLog(join(folder, 'output.jsonl'), warn);
      const { answer } = await startAgent(code, {
        compute,
        specFor(emulatorUrl) {
          const address = admit(instance, emulatorUrl);
          revokeAddress = address.revoke;
          const environment = {
            ...agent.source.environment,
            ...whereabouts,
            ...address.environment,
          };
          return { ...code, folder: files, environment, storage };
        },
        clock,
        health,
        connections,
        output,
        onLine(stream, text) {
          const line: LogLine = stampEntry(clock, { stream, text });
          output?.add(line);
          if (tenant === null) earlyLines.add(line);
          else tenant.addLogLine(line);
        },
        onMachine(promise, readyBy) {
          making = promise;
          tell((session) => session.setStartDeadline(readyBy));
          promise.then(watch, () => {});
        },
        onListening: (found) => (port = found),
        onProblem: (problem) => tell((session) => session.reportPingProblem(problem)),
        signal: abandoned.signal,
        cleanedUp: closed.promise.then(() => tenant?.terminated),
      });
      return answer;
    } catch (error) {
      throw error instanceof StartFailure ? error : new StartFailure((error as Error).message);
    }
  }

  function watch(made: Machine): void {
    machine = made;
    void made.exited.then((how) => {
      exit = how;
      exited.resolve(how);
    });
  }

  function stop(): Promise<MachineExit | null> {
    abandoned.abort();
    return (stopping ??= stopMachine());
  }

  async function stopMachine(): Promise<MachineExit | null> {
    // It may still be being made; then it is stopped once it is there.
    const made = await making?.catch(() => null);
    if (exit || !made) return exit;
    return made.stop().catch((error: Error) => {
      warn(`its machine could not be stopped: ${error.message}`);
      return null;
    });
  }

  async function close(): Promise<void> {
    await stop();
    connections.destroy();
    revokeAddress();
    output?.close();
    await removeFolder(files).catch((error: Error) =>
      warn(`its files could not be removed: ${error.message}`),
    );
    closed.resolve();
  }
}
