import { setTimeout as sleep } from 'node:timers/promises';
import type { Cancel, Clock } from '../../clock.ts';
import {
  exitAdvice,
  describeExit,
  type AgentCode,
  type Compute,
  type Machine,
  type MachineSpec,
  type OnOutputLine,
} from '../../compute/compute.ts';
import {
  connectToAgent,
  sendPing,
  type AgentConnection,
  type HealthCheck,
} from './agentConnection.ts';
import type { StartLimit } from './instanceReports.ts';
import type { SessionLog } from './sessionLog.ts';
import type { PingAnswer } from './ping.ts';

/** The reason for a failed start, in more detail than AWS returns. */
export class StartFailure extends Error {}

/** Returns AWS's seconds for an agent's first healthy ping. On V2, a start also takes a snapshot. */
function initializationTimeout({ isSnapshotted }: Pick<AgentCode, 'isSnapshotted'>): number {
  return isSnapshotted ? 120 : 60;
}

/** Seconds without a connection after which a note says where the agent listens instead. */
const SILENCE_SECONDS = 5;

/** Dependencies and callbacks of a start. */
export interface StartDependencies {
  readonly compute: Compute;
  /** Returns the machine's specification, which includes the emulator's URL. */
  readonly createSpec: (emulatorUrl: string) => MachineSpec;
  readonly clock: Clock;
  readonly health: HealthCheck;
  /** Milliseconds that the agent has to respond to a ping. */
  readonly pingTimeout: number;
  readonly output: SessionLog;
  readonly onLine: OnOutputLine;
  /** Called when the machine is being created, with the limit of the first healthy ping. */
  readonly onMachine: (machine: Promise<Machine>, limit: StartLimit) => void;
  readonly onListening: (connection: AgentConnection) => void;
  /** Called for each unhealthy ping, and for an agent that does not listen. */
  readonly onProblem: (problem: string) => void;
  /** Aborted when the session ends before it has started. */
  readonly signal: AbortSignal;
  /** Resolves when a failed start has been cleaned up; a clock advance waits for it. */
  readonly cleanedUp: Promise<void>;
}

/** An agent that is ready. */
export interface StartedAgent {
  readonly connection: AgentConnection;
  readonly answer: PingAnswer;
  readonly machine: Machine;
}

/** Starts an agent and waits for its first healthy ping, within AWS's initialization time. */
export async function startAgent(
  agent: AgentCode,
  dependencies: StartDependencies,
): Promise<StartedAgent> {
  const { compute, createSpec, clock, health, output, onLine, signal, cleanedUp } = dependencies;
  const timeout = initializationTimeout(agent);
  const outcome = Promise.withResolvers<StartedAgent>();
  let settled: 'started' | 'failed' | null = null;
  let problem = `It never listened on port ${agent.contractPort}.`;
  let unreachable: Machine | null = null;
  let cancelNote: Cancel = () => {};
  let cancelLimit: Cancel = () => {};

  function succeed(started: StartedAgent): void {
    if (settled !== null) return;
    settled = 'started';
    outcome.resolve(started);
  }

  function fail(reason: string, appendix = output.quoteTail()): void {
    if (settled !== null) return;
    settled = 'failed';
    outcome.reject(new StartFailure(reason + appendix));
  }

  const ended = () => fail('The session ended before the agent was ready.');
  if (signal.aborted) ended();
  signal.addEventListener('abort', ended);

  async function reportUnreachable(): Promise<void> {
    const elsewhere = (await unreachable?.listensElsewhere()) ?? '';
    if (!unreachable || settled !== null) return;
    dependencies.onProblem(
      `The agent does not listen on port ${agent.contractPort} ${SILENCE_SECONDS} s after its start. ${elsewhere}`.trimEnd(),
    );
  }

  async function timeOut(): Promise<void> {
    const elsewhere = (await unreachable?.listensElsewhere()) ?? '';
    fail(
      `Runtime initialization time exceeded. Please make sure that initialization completes in ${timeout}s. ${problem} ${elsewhere}`.trimEnd(),
    );
    // An agent that became ready meanwhile is cleaned up only when its session ends.
    if (settled === 'failed') await cleanedUp;
  }

  async function start(): Promise<void> {
    const prepared = await compute.prepare(agent, onLine);
    if (settled !== null) return;
    const began = clock.now();
    const limit = { at: began + timeout * 1000, seconds: timeout };
    cancelLimit = clock.at(limit.at, timeOut);
    const creation = prepared.start(createSpec(prepared.emulatorUrl), onLine);
    dependencies.onMachine(creation, limit);
    const machine = await creation;
    unreachable = machine;
    cancelNote = clock.at(began + SILENCE_SECONDS * 1000, reportUnreachable);
    void machine.exited.then((exit) =>
      fail(
        `The agent ended with ${describeExit(exit)} before it answered ${health.name}, ${formatElapsed(clock.now() - began, timeout)}.`,
        exitAdvice(exit, output.quoteTail()),
      ),
    );
    const connection = await connectToAgent(machine.listening, dependencies.pingTimeout);
    unreachable = null;
    cancelNote();
    dependencies.onListening(connection);
    problem = `It listens, but ${health.name} has not responded.`;
    await waitForPing(connection, machine);
  }

  async function waitForPing(connection: AgentConnection, machine: Machine): Promise<void> {
    for (let wait = 2; settled === null; wait = Math.min(wait * 2, 250)) {
      const answer = await sendPing(connection, health);
      if (!('problem' in answer)) return succeed({ connection, answer, machine });
      problem = `It listens, but ${answer.problem}.`;
      if (settled === null) dependencies.onProblem(answer.problem);
      await sleep(wait);
    }
  }

  start().catch((error: Error) => fail(error.message, ''));
  try {
    return await outcome.promise;
  } finally {
    cancelNote();
    cancelLimit();
  }
}

function formatElapsed(milliseconds: number, timeout: number): string {
  return `after ${(milliseconds / 1000).toFixed(1)} s of its ${timeout} s start time`;
}
