import { mkdir } from 'node:fs/promises';
import { Agent as ConnectionPool } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  EndReason,
  LogLine,
  SessionSummary,
  TimelineEntry,
} from '../../src/shared/session.ts';
import type { Cancel, Clock } from '../clock.ts';
import { describeExit, type Compute, type Exit, type Machine } from '../compute/compute.ts';
import type { Events } from '../events.ts';
import type { Logger } from '../log.ts';
import { codeOf, type AgentRuntime } from './agents.ts';
import { ping, type Line } from './contract.ts';
import {
  born,
  deadlines,
  next,
  serves,
  type Life,
  type LifeEvent,
  type Limits,
} from './lifecycle.ts';
import { createOutput, type Output } from './output.ts';
import { removeFolder } from '../storage/removal.ts';
import { startUp, StartFailure } from './startUp.ts';

/** One life of a session: the pure life cycle, joined to a machine, a clock and a record. */
export interface Session {
  readonly agent: AgentRuntime;
  readonly id: string;
  readonly run: number;
  life(): Life;
  summary(): SessionSummary;
  timeline(): readonly TimelineEntry[];
  logs(): Promise<LogLine[]>;
  /** Resolves when the agent serves; rejects with StartFailure when it never will. */
  readonly started: Promise<void>;
  /** Resolves when the machine and all that it held are gone. */
  readonly gone: Promise<void>;
  /** Counts an operation in; the session must serve. */
  begin(requestId: string): void;
  /** Counts an operation out, with what became of it. */
  finish(requestId: string, outcome: string): void;
  /** Where the agent listens, once started. */
  line(): Line;
  end(reason: EndReason, cause: string): Promise<void>;
  /** After a broken connection: how the machine ended, if it did. */
  lastWords(): Promise<string>;
  record(entry: Untimed<TimelineEntry>): void;
  /** Removes what the session left on disk; nobody asks for it any more. */
  forget(): Promise<void>;
}

/** An entry before it is stamped; the type is spread over the union's members. */
type Untimed<Entry> = Entry extends unknown ? Omit<Entry, 'time'> : never;

/** Which life of which session of which agent, and what called it into being. */
export interface SessionIdentity {
  readonly agent: AgentRuntime;
  readonly id: string;
  readonly run: number;
  readonly qualifier: string;
  readonly folder: string;
  readonly requestId: string;
}

/** What every session of an emulator shares. */
export interface SessionSurroundings {
  readonly clock: Clock;
  readonly computeFor: (agent: AgentRuntime) => Compute;
  readonly events: Events;
  readonly logger: Logger;
  readonly limitsOf: (agent: AgentRuntime) => Limits;
  readonly pingInterval: number;
  /** Gives the session an address of its own, and the variables that lead its agent to it. */
  readonly admit: (
    session: Session,
    emulatorUrl: string,
  ) => {
    readonly environment: Readonly<Record<string, string>>;
    readonly revoke: () => void;
  };
}

const KEPT_ENTRIES = 1_000;
const LAST_WORDS_MILLISECONDS = 1_000;

/** Brings a session to life: it starts at once. */
export function createSession(
  { agent, id, run, qualifier, folder, requestId }: SessionIdentity,
  { clock, computeFor, events, logger, limitsOf, pingInterval, admit }: SessionSurroundings,
): Session {
  const { source } = agent;
  const compute = computeFor(agent);
  const of = { runtimeId: agent.id, sessionId: id, run };
  const entries: TimelineEntry[] = [];
  const gone = Promise.withResolvers<void>();
  const abandonStart = new AbortController();
  // Servers drop idle connections after 5 s (uvicorn, Node); ours go first.
  const connections = new ConnectionPool({ keepAlive: true, timeout: 4_000 });
  let life = born(clock.now(), limitsOf(agent));
  let making: Promise<Machine> | null = null;
  let machine: Machine | null = null;
  let port: number | null = null;
  let exit: Exit | null = null;
  let output: Output | null = null;
  let pingProblem: string | null = null;
  let revokeAddress: () => void = () => {};
  let stopLooking: Cancel = () => {};
  let cancelDeadline: Cancel = () => {};

  const session: Session = {
    agent,
    id,
    run,
    life: () => life,
    summary,
    timeline: () => entries,
    logs: async () => (await output?.read()) ?? [],
    started: start(),
    gone: gone.promise,
    begin(ofRequest) {
      apply({ type: 'request-began', at: clock.now() }, `request ${ofRequest}`);
    },
    finish(ofRequest, outcome) {
      record({ type: 'invocation', requestId: ofRequest, outcome });
      apply({ type: 'request-ended', at: clock.now() }, `end of request ${ofRequest}`);
    },
    line() {
      if (port === null) throw new Error('a session has no line before it has started');
      return { port, connections };
    },
    async end(reason, cause) {
      apply({ type: 'end', at: clock.now(), reason }, cause);
      await gone.promise;
    },
    async lastWords() {
      // The connection breaks a moment before the exit is known.
      await Promise.race([gone.promise, sleep(LAST_WORDS_MILLISECONDS)]);
      if (exit) return `the agent ended with ${describeExit(exit)}.${output?.quote() ?? ''}`;
      return life.reason ? `the session ended: ${life.reason}` : 'the agent still runs';
    },
    record,
    async forget() {
      await removeFolder(folder);
    },
  };
  return session;

  function apply(event: LifeEvent, cause: string): void {
    const before = life;
    life = next(life, event);
    if (life.state === before.state) return;
    record({ type: 'state', from: before.state, to: life.state, cause });
    events.publish(() => ({ type: 'session', session: summary() }));
    if (life.state === 'terminating') void tearDown();
    if (life.state === 'terminated') void cleanUp();
  }

  function record(fields: Untimed<TimelineEntry>): void {
    const entry = { time: timestamp(clock.now()), ...fields };
    entries.push(entry);
    if (entries.length > KEPT_ENTRIES) entries.shift();
    events.publish(() => ({ type: 'timeline', of, entry }));
  }

  async function start(): Promise<void> {
    record({ type: 'state', from: null, to: 'starting', cause: `request ${requestId}` });
    events.publish(() => ({ type: 'session', session: summary() }));
    try {
      await mkdir(folder, { recursive: true });
      abandonStart.signal.throwIfAborted();
      output = createOutput(join(folder, 'output.jsonl'));
      const code = codeOf(agent);
      const { answer } = await startUp(code, {
        compute,
        specFor(emulatorUrl) {
          const address = admit(session, emulatorUrl);
          revokeAddress = address.revoke;
          const environment = { ...source.environment, ...address.environment };
          return { ...code, session: `${id} ${run}`, folder: join(folder, 'machine'), environment };
        },
        clock,
        connections,
        output,
        onLine: print,
        onMachine(promise) {
          making = promise;
          promise.then(watch, () => {});
        },
        onListening: (found) => (port = found),
        onProblem: notePingProblem,
        signal: abandonStart.signal,
        cleared: gone.promise,
      });
      apply({ type: 'ready', at: clock.now(), answer }, 'the agent answered /ping');
      stopLooking = clock.every(pingInterval, () => void look());
      awaitDeadline();
    } catch (error) {
      const { message } = error as Error;
      logger.error(`${source.name}: ${message}`);
      apply({ type: 'end', at: clock.now(), reason: 'start-failed' }, message);
      throw error instanceof StartFailure ? error : new StartFailure(message);
    }
  }

  function watch(made: Machine): void {
    machine = made;
    void made.exited.then((how) => {
      exit = how;
      // A start that fails and an end that was asked for have their own ways to the end.
      if (!serves(life)) return;
      const ended = `the agent ended with ${describeExit(how)}`;
      logger.error(`${source.name}: ${ended}`);
      apply({ type: 'gone', at: clock.now() }, ended);
    });
  }

  async function tearDown(): Promise<void> {
    abandonStart.abort();
    // It may be ended while its machine is still being made; then that is stopped once it is there.
    const made = await making?.catch(() => null);
    const how = await made?.stop();
    apply({ type: 'gone', at: clock.now() }, how ? describeExit(how) : 'there was no machine yet');
  }

  async function cleanUp(): Promise<void> {
    stopLooking();
    cancelDeadline();
    connections.destroy();
    revokeAddress();
    output?.close();
    try {
      await removeFolder(join(folder, 'machine'));
    } catch (error) {
      record({ type: 'note', message: `its files are still there: ${(error as Error).message}` });
    }
    if (life.reason !== 'emulator-closed') {
      logger.info(`${source.name} ${id.slice(0, 8)} ended: ${life.reason}`);
    }
    gone.resolve();
  }

  // One timer for both deadlines. It is set for the earliest moment at which one could fall due and
  // not moved by every request: when it comes too early, it is set again.
  function awaitDeadline(): void {
    const { idle, max } = deadlines(life);
    const check = Math.min(max, idle ?? clock.now() + life.limits.idleTimeout);
    cancelDeadline = clock.at(check, async () => {
      if (!serves(life)) return;
      await look();
      apply({ type: 'due', at: clock.now() }, describeLimits(life.limits));
      if (serves(life)) awaitDeadline();
      else await gone.promise;
    });
  }

  async function look(): Promise<void> {
    if (!serves(life)) return;
    const answer = await ping(session.line());
    if (typeof answer === 'string') return notePingProblem(answer);
    pingProblem = null;
    apply({ type: 'pinged', at: clock.now(), answer }, `ping says ${answer.status}`);
  }

  function notePingProblem(problem: string): void {
    if (problem === pingProblem || life.reason !== null) return;
    pingProblem = problem;
    record({ type: 'note', message: problem });
    logger.warn(`${source.name}: ${problem}`);
  }

  function print(stream: LogLine['stream'], text: string): void {
    const line: LogLine = { time: timestamp(clock.now()), stream, text };
    output?.add(line);
    events.publish(() => ({ type: 'log', of, line }));
    logger.info(`${source.name} ${id.slice(0, 8)} | ${text}`);
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
      lastActivityAt: timestamp(life.lastActivityAt),
      idleDeadline: idle === null ? null : timestamp(idle),
      maxDeadline: timestamp(max),
      ping: life.ping,
      compute: machine && { ...machine.identity, port },
    };
  }
}

function describeLimits({ idleTimeout, maxLifetime }: Limits): string {
  return `its time is over: ${idleTimeout / 1000} s idle, or ${maxLifetime / 1000} s in all`;
}

/** A moment of virtual time as the admin API writes it. */
export function timestamp(time: number): string {
  return new Date(time).toISOString();
}
