import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  EndReason,
  LogLine,
  SessionEndpoint,
  SessionSummary,
} from '../../../src/shared/session.ts';
import type { ActivityEmitter, UntimedEntry } from '../../activity.ts';
import type { RunningRequest } from '../../caller.ts';
import type { Cancel, Clock } from '../../clock.ts';
import { exitAdvice, describeExit, type MachineExit } from '../../compute/compute.ts';
import type { Logger } from '../../log.ts';
import { timestamp } from '../../projections.ts';
import type { AgentRuntime } from './agents.ts';
import type { AgentConnection } from './agentConnection.ts';
import type { Instance } from './instance.ts';
import type { StartLimit } from './instanceReports.ts';
import {
  initialLife,
  deadlines,
  describeReachedDeadlines,
  next,
  acceptsRequests,
  type SessionLife,
  type LifecycleEvent,
  type SessionTimeouts,
} from './lifecycle.ts';
import type { PingAnswer, PingProblem } from './ping.ts';
import { explainIdleEnd, emptyPingHistory, checkPingContract } from './pingHazards.ts';
import { startPingPolling, type PingPolling } from './pingPolling.ts';
import type { SessionStorage } from './sessionStorage.ts';
import { StartFailure } from './startAgent.ts';
import type { Timelines } from './timeline.ts';

/** One run of a session: the pure life cycle with its instance, clock and log. */
export interface Session {
  readonly agent: AgentRuntime;
  readonly id: string;
  readonly run: number;
  readonly qualifier: string;
  readonly instance: Instance;
  /** The opaque token that the agent presents to identity services. */
  readonly workloadAccessToken: string;
  life(): SessionLife;
  summary(): SessionSummary;
  logs(): Promise<LogLine[]>;
  /** Resolves when the agent is ready; rejects with StartFailure if its start fails. */
  readonly started: Promise<void>;
  readonly terminated: Promise<void>;
  /** Counts an operation that begins. The session must accept requests. */
  beginRequest(request: RunningRequest): void;
  /** Counts an operation that ended, and records its outcome. */
  finishRequest(requestId: string, outcome: string): void;
  /** The connection to the agent. The session must have started. */
  connection(): AgentConnection;
  end(reason: EndReason, cause: string): Promise<void>;
  /** Explains a broken connection in full sentences: how the machine ended, or that it still runs. */
  explainEnd(): Promise<string>;
  /** Adds an entry to the timeline. */
  record(entry: UntimedEntry): void;
  deleteOutput(): Promise<void>;
}

/** The identity of a session run, and the request that starts it. */
export interface SessionIdentity {
  readonly agent: AgentRuntime;
  readonly id: string;
  readonly run: number;
  readonly qualifier: string;
  readonly request: RunningRequest;
  readonly instance: Instance;
}

/** Dependencies that all sessions of an emulator share. */
export interface SessionDependencies {
  readonly clock: Clock;
  readonly activity: Pick<ActivityEmitter, 'emit'>;
  readonly timelines: Timelines;
  readonly logger: Logger;
  readonly timeoutsFor: (agent: AgentRuntime) => SessionTimeouts;
  readonly pingInterval: number;
  readonly storage: Pick<SessionStorage, 'find' | 'attach'>;
  /** Describes the session endpoint of a running session; null if it has none. */
  readonly describeEndpoint: (session: Session) => SessionEndpoint | null;
}

const EXIT_GRACE_MILLISECONDS = 1_000;

/** Starts a session. */
export function createSession(
  { agent, id, run, qualifier, request, instance }: SessionIdentity,
  dependencies: SessionDependencies,
): Session {
  const { clock, activity, timelines, logger, timeoutsFor, pingInterval, storage } = dependencies;
  const { source } = agent;
  const identity = { runtimeId: agent.id, sessionId: id, run };
  const requests = new Map([[request.requestId, request]]);
  const terminated = Promise.withResolvers<void>();
  const attachment = instance.storage && storage.attach(agent, id, instance.storage, warn);
  let life = initialLife(clock.now(), timeoutsFor(agent));
  let exit: MachineExit | null = null;
  let startDeadline: StartLimit | null = null;
  let pingProblem: string | null = null;
  let pingHistory = emptyPingHistory;
  let pingPolling: PingPolling | null = null;
  let cancelDeadline: Cancel = () => {};

  const session: Session = {
    agent,
    id,
    run,
    qualifier,
    instance,
    workloadAccessToken: randomBytes(32).toString('base64url'),
    life: () => life,
    summary,
    logs: instance.logs,
    started: start(),
    terminated: terminated.promise,
    beginRequest(beginning) {
      requests.set(beginning.requestId, beginning);
      apply({ type: 'request-began', at: clock.now() }, `Request ${beginning.requestId}`);
    },
    finishRequest(ending, outcome) {
      requests.delete(ending);
      record({ type: 'invocation', requestId: ending, outcome });
      apply({ type: 'request-ended', at: clock.now() }, `End of request ${ending}`);
    },
    connection: instance.connection,
    async end(reason, cause) {
      apply({ type: 'end', at: clock.now(), reason }, cause);
      await terminated.promise;
    },
    async explainEnd() {
      // The connection breaks shortly before the exit is known.
      await Promise.race([terminated.promise, sleep(EXIT_GRACE_MILLISECONDS)]);
      if (exit) return `${describeEnd(exit)}${exitAdvice(exit, instance.quoteOutput())}`;
      if (life.reason) return `The session ended: ${life.reason}.`;
      return `The agent is still running.${instance.quoteOutput()}`;
    },
    record,
    deleteOutput: instance.deleteOutput,
  };
  return session;

  function apply(event: LifecycleEvent, cause: string): void {
    const before = life;
    life = next(life, event);
    if (life.state === before.state) {
      // A ping may have moved the idle deadline, to which clients show a countdown.
      if (deadlines(life).idle !== deadlines(before).idle) publishSummary();
      return;
    }
    record({ type: 'state', from: before.state, to: life.state, cause });
    publishSummary();
    if (life.reason !== null) pingPolling?.stop();
    if (life.state === 'terminating') void tearDown();
    if (life.state === 'terminated') void cleanUp();
  }

  function publishSummary(): void {
    activity.emit({ type: 'session', summary });
  }

  function record(entry: UntimedEntry): void {
    activity.emit({ type: 'entry', at: clock.now(), agent: instance, entry });
  }

  async function start(): Promise<void> {
    instance.assign({ run: identity, requests: () => [...requests.values()] });
    activity.emit({ type: 'assigned', run: identity, earlier: timelines.of(instance) });
    record({ type: 'state', from: null, to: 'starting', cause: `Request ${request.requestId}` });
    publishSummary();
    const reports = { addLogLine, warn, setStartDeadline, reportPingProblem };
    instance.reportTo(reports, terminated.promise);
    void instance.exited.then(handleExit);
    try {
      const answer = await instance.resume();
      apply({ type: 'ready', at: clock.now(), answer }, 'The agent is ready.');
      reportHazards();
      if (instance.ping !== null) {
        const { ping } = instance;
        pingPolling = startPingPolling({ clock, interval: pingInterval, ping, report: handlePing });
      }
      awaitDeadline();
    } catch (error) {
      const { message } = error as Error;
      logger.error(`${source.name}: ${message}`);
      apply({ type: 'end', at: clock.now(), reason: 'start-failed' }, message);
      throw error instanceof StartFailure ? error : new StartFailure(message);
    }
  }

  function setStartDeadline(limit: StartLimit): void {
    startDeadline = limit;
    publishSummary();
  }

  function handleExit(machineExit: MachineExit): void {
    exit = machineExit;
    // A failed start and a requested end have their own path to termination.
    if (!acceptsRequests(life)) return;
    const cause = describeEnd(machineExit);
    logger.error(`${source.name}: ${cause}`);
    apply({ type: 'gone', at: clock.now() }, cause);
  }

  async function tearDown(): Promise<void> {
    const machineExit = await instance.stop();
    const cause = machineExit ? describeEnd(machineExit) : 'The agent had not started yet.';
    apply({ type: 'gone', at: clock.now() }, cause);
  }

  async function cleanUp(): Promise<void> {
    cancelDeadline();
    // Release the storage at once, because the session's next run may already need it.
    attachment?.release();
    await instance.close();
    if (life.reason !== 'emulator-closed') {
      logger.info(`${source.name} ${id.slice(0, 8)}: The session ended: ${life.reason}.`);
    }
    terminated.resolve();
  }

  // One timer serves both deadlines. It is set for the earliest time at which one could be due.
  // Requests do not move it: if it fires too early, it is set again.
  function awaitDeadline(): void {
    const { idle, max } = deadlines(life);
    const check = Math.min(max, idle ?? clock.now() + life.timeouts.idleTimeout);
    cancelDeadline = clock.at(check, async () => {
      if (!acceptsRequests(life)) return;
      await pingPolling?.read();
      apply({ type: 'due', at: clock.now() }, describeReachedDeadlines(life, clock.now()));
      const hazard = explainIdleEnd(life);
      if (hazard !== null) warn(hazard);
      if (acceptsRequests(life)) awaitDeadline();
      else await terminated.promise;
    });
  }

  function handlePing(reading: PingAnswer | PingProblem): void {
    const at = clock.now();
    if ('problem' in reading) {
      const { problem, answered } = reading;
      reportPingProblem(problem);
      apply({ type: answered ? 'ping-unhealthy' : 'ping-unanswered', at }, problem);
      return;
    }
    pingProblem = null;
    apply({ type: 'pinged', at, answer: reading }, `/ping returned ${reading.status}`);
    reportHazards();
  }

  function reportHazards(): void {
    const { history, hazards } = checkPingContract(pingHistory, life, clock.realNow());
    pingHistory = history;
    hazards.forEach(warn);
  }

  function warn(message: string): void {
    record({ type: 'note', message });
    logger.warn(`${source.name} ${id.slice(0, 8)}: ${message}`);
  }

  function reportPingProblem(problem: string): void {
    if (problem === pingProblem || life.reason !== null) return;
    pingProblem = problem;
    warn(problem);
  }

  function addLogLine(line: LogLine): void {
    activity.emit({ type: 'log', run: identity, line });
    logger.info(`${source.name} ${id.slice(0, 8)} | ${line.text}`);
  }

  function summary(): SessionSummary {
    const { idle, max } = deadlines(life);
    return {
      ...identity,
      qualifier,
      version: agent.version,
      state: life.state,
      reason: life.reason,
      startedAt: timestamp(life.startedAt),
      startDeadline:
        life.state === 'starting' && startDeadline !== null
          ? { at: timestamp(startDeadline.at), timeoutSeconds: startDeadline.seconds }
          : null,
      lastActivityAt: timestamp(life.lastActivityAt),
      idleDeadline: idle === null ? null : timestamp(idle),
      maxDeadline: timestamp(max),
      ping: life.ping,
      compute: instance.compute(),
      endpoint: acceptsRequests(life) ? dependencies.describeEndpoint(session) : null,
    };
  }
}

const describeEnd = (exit: MachineExit) => `The agent ended with ${describeExit(exit)}.`;
