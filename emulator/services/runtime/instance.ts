import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComputeSummary, LogLine, SnapshotCheck } from '../../../src/shared/session.ts';
import type { Caller, CallingSession } from '../../caller.ts';
import type { Clock } from '../../clock.ts';
import {
  describeExit,
  type Compute,
  type MachineExit,
  type Machine,
  type MachineStorage,
  type RunningCommand,
  type Terminal,
} from '../../compute/compute.ts';
import { timestamp } from '../../projections.ts';
import { removeFolder } from '../../storage/removal.ts';
import { agentCode, type AgentRuntime } from './agents.ts';
import { sendPing, type AgentConnection } from './agentConnection.ts';
import { createSessionLog, type SessionLog } from './sessionLog.ts';
import type { PingAnswer, PingProblem } from './ping.ts';
import { createEarlyReports, type InstanceReports } from './instanceReports.ts';
import { protocols } from './protocols/protocols.ts';
import { checkSnapshot, pendingCheck } from './snapshotCheck.ts';
import { startAgent, StartFailure } from './startAgent.ts';
import { WARM_UP_SECONDS, warmUp } from './warmUp.ts';

/**
 * An agent on its own machine, from the machine's creation to its removal. It is created for a session
 * or before one; a later session receives everything that was reported so far.
 */
export interface Instance extends Caller {
  readonly agent: AgentRuntime;
  /** The session storage under /mnt; null if the agent has no mounts. */
  readonly storage: MachineStorage | null;
  /** Resolves with the first healthy ping; rejects with StartFailure. */
  readonly ready: Promise<PingAnswer>;
  /** Resolves when its machine has ended for any reason. Never settles if there was no machine. */
  readonly exited: Promise<MachineExit>;
  /** Assigns it to a session. An instance serves only one. */
  assign(session: CallingSession): void;
  /** Reports what happened so far, and everything until the session has terminated. */
  reportTo(reports: InstanceReports, terminated: Promise<void>): void;
  /** Pauses its machine until `resume`. It must be ready. */
  pause(): Promise<void>;
  /** Resolves with a ping when it is ready and running. */
  resume(): Promise<PingAnswer>;
  /** Sends a ping, once ready; null if its protocol checks the health only at the start. */
  readonly ping: (() => Promise<PingAnswer | PingProblem>) | null;
  /** The connection to the agent, once ready. */
  connection(): AgentConnection;
  /** Returns the real port of a port of its machine, once ready; null if nothing listens on it. */
  findPort(port: number): Promise<number | null>;
  /** Runs a shell command beside the agent, once ready. */
  run(command: string): Promise<RunningCommand>;
  /** Opens an interactive shell beside the agent, once ready. */
  openTerminal(): Promise<Terminal>;
  compute(): ComputeSummary | null;
  snapshotCheck(): SnapshotCheck;
  logs(): Promise<LogLine[]>;
  /** Quotes its last lines, in a form that can be appended to an error message. */
  quoteOutput(): string;
  /** Stops its machine. Resolves with the machine's exit, or null if there was no machine. */
  stop(): Promise<MachineExit | null>;
  /** Stops it and removes its files, except its output. */
  close(): Promise<void>;
  deleteOutput(): Promise<void>;
}

/** Dependencies of an instance. */
export interface InstanceDependencies {
  readonly compute: Compute;
  readonly clock: Clock;
  /** Milliseconds that the agent has to respond to a ping. */
  readonly pingTimeout: number;
  /** A folder for this instance only. The instance creates it. */
  readonly folder: string;
  readonly storage: MachineStorage | null;
  /** Environment variables with the agent's own address. */
  readonly addressVariables: Readonly<Record<string, string>>;
  /** Issues the instance's session URL, with the environment variables that contain it. */
  readonly issueUrl: (instance: Instance, emulatorUrl: string) => SessionAddress;
}

/** The session URL of an instance. */
export interface SessionAddress {
  readonly environment: Readonly<Record<string, string>>;
  readonly revoke: () => void;
}

/** Creates an instance and starts it at once. */
export function createInstance(
  agent: AgentRuntime,
  {
    compute,
    clock,
    pingTimeout,
    folder,
    storage,
    addressVariables,
    issueUrl,
  }: InstanceDependencies,
): Instance {
  const code = agentCode(agent);
  const protocol = protocols[agent.source.protocol];
  const { path = protocol.path, warmUpPath, warmUpPort } = agent.source;
  const health = protocol.health(path);
  const files = join(folder, 'machine');
  const exited = Promise.withResolvers<MachineExit>();
  const closed = Promise.withResolvers<void>();
  const abandoned = new AbortController();
  const earlyReports = createEarlyReports();
  let session: CallingSession | null = null;
  let reports: InstanceReports = earlyReports;
  let sessionTerminated: Promise<void> | undefined;
  let creation: Promise<Machine> | null = null;
  let machine: Machine | null = null;
  let connection: AgentConnection | null = null;
  let exit: MachineExit | null = null;
  let output: SessionLog | null = null;
  let snapshotCheck = pendingCheck;
  let revokeAddress: () => void = () => {};
  let pausing: Promise<void> | null = null;
  let stopping: Promise<MachineExit | null> | null = null;
  let closing: Promise<void> | null = null;

  const instance: Instance = {
    agent,
    storage,
    ready: start(),
    exited: exited.promise,
    session: () => session,
    assign: (assigned) => void (session = assigned),
    reportTo(ofSession, terminated) {
      reports = ofSession;
      sessionTerminated = terminated;
      earlyReports.sendTo(ofSession);
    },
    pause: () => (pausing ??= machine!.pause()),
    async resume() {
      const answer = await instance.ready;
      if (pausing === null) return answer;
      await pausing;
      pausing = null;
      await machine!.resume();
      const answered = await sendPing(instance.connection(), health);
      // The agent may have answered and then ended, and its session does not handle exits yet.
      const pinged = exit ? { problem: `the agent ended with ${describeExit(exit)}` } : answered;
      if (!('problem' in pinged)) return pinged;
      throw new StartFailure(
        `The warm instance resumed, but ${pinged.problem}.${instance.quoteOutput()}`,
      );
    },
    ping: health.repeats ? () => sendPing(instance.connection(), health) : null,
    connection() {
      if (connection === null) {
        throw new Error('An instance has no connection before it is ready.');
      }
      return connection;
    },
    findPort: (allowed) => machine!.findPort(allowed),
    run: (command) => machine!.run(command),
    openTerminal: () => machine!.openTerminal(),
    compute: () => machine && { ...machine.identity, port: connection?.port ?? null },
    snapshotCheck: () => snapshotCheck,
    logs: async () => (await output?.read()) ?? [],
    quoteOutput: () => output?.quoteTail() ?? '',
    stop,
    close: () => (closing ??= close()),
    async deleteOutput() {
      await removeFolder(folder);
    },
  };
  // Callers await `ready` later. A failure before that must not be an unhandled rejection.
  instance.ready.catch(() => {});
  return instance;

  function warn(problem: string): void {
    reports.warn(problem);
  }

  async function start(): Promise<PingAnswer> {
    try {
      await mkdir(folder, { recursive: true });
      abandoned.signal.throwIfAborted();
      output = createSessionLog(join(folder, 'output.jsonl'), warn);
      const started = await startAgent(code, {
        compute,
        createSpec(emulatorUrl) {
          const address = issueUrl(instance, emulatorUrl);
          revokeAddress = address.revoke;
          const environment = {
            ...agent.source.environment,
            ...addressVariables,
            ...address.environment,
          };
          return { ...code, folder: files, environment, storage };
        },
        clock,
        health,
        pingTimeout,
        output,
        onLine(stream, text) {
          const line: LogLine = { time: timestamp(clock.now()), stream, text };
          output?.add(line);
          reports.addLogLine(line);
        },
        onMachine(promise, limit) {
          creation = promise;
          reports.setStartDeadline(limit);
          promise.then(watchExit, () => {});
        },
        onListening: (opened) => (connection = opened),
        onProblem: (problem) => reports.reportPingProblem(problem),
        signal: abandoned.signal,
        cleanedUp: closed.promise.then(() => sessionTerminated),
      });
      // AWS takes the snapshot after the hook.
      if (warmUpPath !== undefined) {
        reports.setStartDeadline({
          at: clock.now() + WARM_UP_SECONDS * 1000,
          seconds: WARM_UP_SECONDS,
        });
        await warmUp(
          started,
          { path: warmUpPath, port: warmUpPort },
          {
            clock,
            output,
            signal: abandoned.signal,
          },
        );
      }
      // Before the first request, so that a session's hazards precede its calls.
      snapshotCheck = await checkSnapshot(code, started.machine);
      for (const { message } of snapshotCheck.hazards) warn(message);
      return started.answer;
    } catch (error) {
      throw error instanceof StartFailure ? error : new StartFailure((error as Error).message);
    }
  }

  function watchExit(created: Machine): void {
    machine = created;
    void created.exited.then((machineExit) => {
      exit = machineExit;
      exited.resolve(machineExit);
    });
  }

  function stop(): Promise<MachineExit | null> {
    abandoned.abort();
    return (stopping ??= stopMachine());
  }

  async function stopMachine(): Promise<MachineExit | null> {
    // A machine that is still being created is stopped as soon as it exists.
    const created = await creation?.catch(() => null);
    if (exit || !created) return exit;
    return created.stop().catch((error: Error) => {
      warn(`Could not stop the machine: ${error.message}`);
      return null;
    });
  }

  async function close(): Promise<void> {
    await stop();
    void connection?.pool.destroy();
    revokeAddress();
    output?.close();
    await removeFolder(files).catch((error: Error) =>
      warn(`Could not remove the machine's files: ${error.message}`),
    );
    closed.resolve();
  }
}
