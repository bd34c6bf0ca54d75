import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  EndReason,
  LogLine,
  SessionSummary,
  TimelineEntry,
} from '../../../src/shared/session.ts';
import type { Cancel, Clock } from '../../clock.ts';
import { exitAdvice, describeExit, type MachineExit } from '../../compute/compute.ts';
import type { Events } from '../../events.ts';
import type { Logger } from '../../log.ts';
import type { AgentRuntime } from './agents.ts';
import type { AgentConnection } from './agentConnection.ts';
import type { Instance } from './instance.ts';
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
import { stampEntry, timestamp, type UntimedEntry } from './timeline.ts';

/** One life of a session: the pure life cycle, joined to an agent's instance, a clock and a record. */
export interface Session {
  readonly agent: AgentRuntime;
  readonly id: string;
  readonly run: number;
  /** The endpoint that it was started by. */
  readonly qualifier: string;
  readonly instance: Instance;
  /** What its agent shows to identity services; it says nothing to whoever reads it. */
  readonly workloadAccessToken: string;
  life(): SessionLife;
  summary(): SessionSummary;
  timeline(): readonly TimelineEntry[];
  logs(): Promise<LogLine[]>;
  /** Resolves when the agent serves; rejects with StartFailure when it never will. */
  readonly started: Promise<void>;
  /** Resolves when the machine and all that it held are gone. */
  readonly terminated: Promise<void>;
  /** Counts an operation in; the session must serve. */
  beginRequest(requestId: string): void;
  /** Counts an operation out, with what became of it. */
  finishRequest(requestId: string, outcome: string): void;
  /** Where the agent listens, once started. */
  connection(): AgentConnection;
  end(reason: EndReason, cause: string): Promise<void>;
  /** After a broken connection: how the machine ended, if it did. */
  explainEnd(): Promise<string>;
  record(entry: UntimedEntry<TimelineEntry>): void;
  /** Removes what the session left on disk; nobody asks for it any more. */
  deleteOutput(): Promise<void>;
}

/** Which life of which session of which agent, and what called it into being. */
export interface SessionIdentity {
  readonly agent: AgentRuntime;
  readonly id: string;
  readonly run: number;
  readonly qualifier: string;
  readonly requestId: string;
  /** What serves it. */
  readonly instance: Instance;
}

/** What every session of an emulator shares. */
export interface SessionDependencies {
  readonly clock: Clock;
  readonly events: Events;
  readonly logger: Logger;
  readonly timeoutsFor: (agent: AgentRuntime) => SessionTimeouts;
  readonly pingInterval: number;
  readonly storage: Pick<SessionStorage, 'find' | 'attach'>;
}

const MAX_ENTRIES = 1_000;
const EXIT_GRACE_MILLISECONDS = 1_000;

/** Brings a session to life: it starts at once. */
export function createSession(
  { agent, id, run, qualifier, requestId, instance }: SessionIdentity,
  { clock, events, logger, timeoutsFor: limitsOf, pingInterval, storage }: SessionDependencies,
): Session {
  const { source } = agent;
  const of = { runtimeId: agent.id, sessionId: id, run };
  const entries: TimelineEntry[] = [];
  const gone = Promise.withResolvers<void>();
  const held = instance.storage && storage.attach(agent, id, instance.storage, warn);
  let life = initialLife(clock.now(), limitsOf(agent));
  let exit: MachineExit | null = null;
  let readyBy: number | null = null;
  let pingProblem: string | null = null;
  let pingWatch = emptyPingHistory;
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
    timeline: () => entries,
    logs: instance.logs,
    started: start(),
    terminated: gone.promise,
    beginRequest(ofRequest) {
      apply({ type: 'request-began', at: clock.now() }, `request ${ofRequest}`);
    },
    finishRequest(ofRequest, outcome) {
      record({ type: 'invocation', requestId: ofRequest, outcome });
      apply({ type: 'request-ended', at: clock.now() }, `end of request ${ofRequest}`);
    },
    connection: instance.connection,
    async end(reason, cause) {
      apply({ type: 'end', at: clock.now(), reason }, cause);
      await gone.promise;
    },
    async explainEnd() {
      // The connection breaks a moment before the exit is known.
      await Promise.race([gone.promise, sleep(EXIT_GRACE_MILLISECONDS)]);
      if (exit)
        return `the agent ended with ${describeExit(exit)}.${exitAdvice(exit, instance.quoteOutput())}`;
      if (life.reason) return `the session ended: ${life.reason}`;
      return `the agent still runs.${instance.quoteOutput()}`;
    },
    record,
    deleteOutput: instance.deleteOutput,
  };
  return session;

  function apply(event: LifecycleEvent, cause: string): void {
    const before = life;
    life = next(life, event);
    if (life.state === before.state) {
      // A ping may have put the idle end off, and whoever shows it counts down to it.
      if (deadlines(life).idle !== deadlines(before).idle) tell();
      return;
    }
    record({ type: 'state', from: before.state, to: life.state, cause });
    tell();
    if (life.reason !== null) pingPolling?.stop();
    if (life.state === 'terminating') void tearDown();
    if (life.state === 'terminated') void cleanUp();
  }

  function tell(): void {
    events.publish(() => ({ type: 'session', session: summary() }));
  }

  function record(fields: UntimedEntry<TimelineEntry>): void {
    append(stampEntry(clock, fields));
  }

  function append(entry: TimelineEntry): void {
    entries.push(entry);
    if (entries.length > MAX_ENTRIES) entries.shift();
    events.publish(() => ({ type: 'timeline', of, entry }));
  }

  async function start(): Promise<void> {
    record({ type: 'state', from: null, to: 'starting', cause: `request ${requestId}` });
    tell();
    instance.assign({
      addLogLine: print,
      addEntry: append,
      warn,
      setStartDeadline: noteStart,
      reportPingProblem: noteProblem,
      terminated: gone.promise,
    });
    void instance.exited.then(noteExit);
    try {
      const answer = await instance.resume();
      apply({ type: 'ready', at: clock.now(), answer }, 'the agent serves');
      watchForHazards();
      if (instance.ping !== null) {
        const { ping } = instance;
        pingPolling = startPingPolling({ clock, interval: pingInterval, ping, report: takePing });
      }
      awaitDeadline();
    } catch (error) {
      const { message } = error as Error;
      logger.error(`${source.name}: ${message}`);
      apply({ type: 'end', at: clock.now(), reason: 'start-failed' }, message);
      throw error instanceof StartFailure ? error : new StartFailure(message);
    }
  }

  function noteStart(by: number): void {
    readyBy = by;
    tell();
  }

  function noteExit(how: MachineExit): void {
    exit = how;
    // A start that fails and an end that was asked for have their own ways to the end.
    if (!acceptsRequests(life)) return;
    const ended = `the agent ended with ${describeExit(how)}`;
    logger.error(`${source.name}: ${ended}`);
    apply({ type: 'gone', at: clock.now() }, ended);
  }

  async function tearDown(): Promise<void> {
    const how = await instance.stop();
    apply({ type: 'gone', at: clock.now() }, how ? describeExit(how) : 'there was no machine yet');
  }

  async function cleanUp(): Promise<void> {
    cancelDeadline();
    // At once: the session's next life may begin any moment, and asks for it.
    held?.release();
    await instance.close();
    if (life.reason !== 'emulator-closed') {
      logger.info(`${source.name} ${id.slice(0, 8)} ended: ${life.reason}`);
    }
    gone.resolve();
  }

  // One timer for both deadlines. It is set for the earliest moment at which one could fall due and
  // not moved by every request: when it comes too early, it is set again.
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
      else await gone.promise;
    });
  }

  function takePing(reading: PingAnswer | PingProblem): void {
    const at = clock.now();
    if ('problem' in reading) {
      const { problem, answered } = reading;
      noteProblem(problem);
      apply({ type: answered ? 'ping-unhealthy' : 'ping-unanswered', at }, problem);
      return;
    }
    pingProblem = null;
    apply({ type: 'pinged', at, answer: reading }, `ping says ${reading.status}`);
    watchForHazards();
  }

  function watchForHazards(): void {
    const seen = checkPingContract(pingWatch, life, clock.realNow());
    pingWatch = seen.watch;
    for (const hazard of seen.hazards) warn(hazard);
  }

  function warn(message: string): void {
    record({ type: 'note', message });
    logger.warn(`${source.name} ${id.slice(0, 8)}: ${message}`);
  }

  function noteProblem(problem: string): void {
    if (problem === pingProblem || life.reason !== null) return;
    pingProblem = problem;
    warn(problem);
  }

  function print(line: LogLine): void {
    events.publish(() => ({ type: 'log', of, line }));
    logger.info(`${source.name} ${id.slice(0, 8)} | ${line.text}`);
  }

  function summary(): SessionSummary {
    const { idle, max } = deadlines(life);
    return {
      ...of,
      qualifier,
      version: agent.version,
      state: life.state,
      reason: life.reason,
      startedAt: timestamp(life.startedAt),
      startDeadline: life.state === 'starting' && readyBy !== null ? timestamp(readyBy) : null,
      lastActivityAt: timestamp(life.lastActivityAt),
      idleDeadline: idle === null ? null : timestamp(idle),
      maxDeadline: timestamp(max),
      ping: life.ping,
      compute: instance.compute(),
    };
  }
}
