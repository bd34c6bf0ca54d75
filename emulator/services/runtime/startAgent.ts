import type { Agent as ConnectionPool } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { INITIALIZATION_TIMEOUT_SECONDS } from '../../../src/shared/session.ts';
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
import { sendPing, type HealthCheck, type AgentConnection } from './agentConnection.ts';
import type { SessionLog } from './sessionLog.ts';
import type { PingAnswer } from './ping.ts';

/** Why a session could not start, in the words that AWS keeps to itself. */
export class StartFailure extends Error {}

/** After how much real time of silence a developer is told where it listens instead. */
const SILENCE_SECONDS = 5;

/** What a start needs, and whom it tells. */
export interface StartDependencies {
  readonly compute: Compute;
  /** The session's machine, which is told where the emulator is. */
  readonly specFor: (emulatorUrl: string) => MachineSpec;
  readonly clock: Clock;
  readonly health: HealthCheck;
  readonly connections: ConnectionPool;
  readonly output: SessionLog;
  readonly onLine: OnOutputLine;
  /** The machine is being made, and listens, before the agent is ready; until then it must be that. */
  readonly onMachine: (machine: Promise<Machine>, readyBy: number) => void;
  readonly onListening: (port: number) => void;
  /** A ping that was not healthy, each time that it says something else. */
  readonly onProblem: (problem: string) => void;
  /** Aborted when the session ends before it has started. */
  readonly signal: AbortSignal;
  /** Resolves when a failed start has been cleared away; an advance of the clock waits for it. */
  readonly cleanedUp: Promise<void>;
}

/** An agent that serves. */
export interface StartedAgent {
  readonly connection: AgentConnection;
  readonly answer: PingAnswer;
}

/** Takes an agent from nothing to its first healthy ping, within the time that AWS gives it. */
export async function startAgent(
  agent: AgentCode,
  surroundings: StartDependencies,
): Promise<StartedAgent> {
  const {
    compute,
    specFor,
    clock,
    health,
    connections,
    output,
    onLine,
    signal,
    cleanedUp: cleared,
  } = surroundings;
  const outcome = Promise.withResolvers<StartedAgent>();
  let settled: 'started' | 'failed' | null = null;
  let problem = `It never listened on port ${agent.contractPort}.`;
  let unheard: Machine | null = null;
  let reminder: NodeJS.Timeout | undefined;
  let cancelLimit: Cancel = () => {};

  function succeed(started: StartedAgent): void {
    if (settled !== null) return;
    settled = 'started';
    outcome.resolve(started);
  }

  function fail(why: string, after = output.quoteTail()): void {
    if (settled !== null) return;
    settled = 'failed';
    outcome.reject(new StartFailure(why + after));
  }

  const ended = () => fail('The session ended while it started.');
  if (signal.aborted) ended();
  signal.addEventListener('abort', ended);

  async function remind(): Promise<void> {
    const elsewhere = (await unheard?.listensElsewhere()) ?? '';
    if (!unheard || settled !== null) return;
    surroundings.onProblem(
      `${SILENCE_SECONDS} s after its start the agent is not reached on port ${agent.contractPort} yet. ${elsewhere}`.trimEnd(),
    );
  }

  async function runOut(): Promise<void> {
    const elsewhere = (await unheard?.listensElsewhere()) ?? '';
    fail(
      `Runtime initialization time exceeded. Please make sure that initialization completes in ${INITIALIZATION_TIMEOUT_SECONDS}s. ${problem} ${elsewhere}`.trimEnd(),
    );
    // An agent that became ready meanwhile is cleared away only when its session ends.
    if (settled === 'failed') await cleared;
  }

  async function bringUp(): Promise<void> {
    const workshop = await compute.prepare(agent, onLine);
    if (settled !== null) return;
    const began = clock.now();
    const readyBy = began + INITIALIZATION_TIMEOUT_SECONDS * 1000;
    cancelLimit = clock.at(readyBy, runOut);
    const making = workshop.start(specFor(workshop.emulatorUrl), onLine);
    surroundings.onMachine(making, readyBy);
    const machine = await making;
    unheard = machine;
    reminder = setTimeout(() => void remind(), SILENCE_SECONDS * 1000).unref();
    void machine.exited.then((exit) =>
      fail(
        `The agent ended with ${describeExit(exit)} before it answered ${health.name}, ${formatElapsed(clock.now() - began)}.`,
        exitAdvice(exit, output.quoteTail()),
      ),
    );
    const line = { port: await machine.listening, connections };
    unheard = null;
    clearTimeout(reminder);
    surroundings.onListening(line.port);
    problem = `It listens, but ${health.name} has not answered yet.`;
    await firstPing(line);
  }

  async function firstPing(line: AgentConnection): Promise<void> {
    for (let wait = 2; settled === null; wait = Math.min(wait * 2, 250)) {
      const answer = await sendPing(line, health);
      if (!('problem' in answer)) return succeed({ connection: line, answer });
      problem = `It listens, but ${answer.problem}.`;
      if (settled === null) surroundings.onProblem(answer.problem);
      await sleep(wait);
    }
  }

  bringUp().catch((error: Error) => fail(error.message, ''));
  try {
    return await outcome.promise;
  } finally {
    clearTimeout(reminder);
    cancelLimit();
  }
}

function formatElapsed(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s into the ${INITIALIZATION_TIMEOUT_SECONDS} s that AWS gives it`;
}
