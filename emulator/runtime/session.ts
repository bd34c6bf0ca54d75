import { mkdir, rm } from 'node:fs/promises';
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
import type { AgentRuntime } from './agents.ts';
import { contractPorts, ping, type Line } from './contract.ts';
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
import type { PingAnswer } from './ping.ts';

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
  record(entry: DistributiveOmit<TimelineEntry, 'time'>): void;
  /** Removes what the session left on disk; nobody asks for it any more. */
  forget(): Promise<void>;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Why a session could not start, in the words that AWS keeps to itself. */
export class StartFailure extends Error {}

/** What every session of an emulator shares. */
export interface SessionSurroundings {
  readonly clock: Clock;
  readonly compute: Compute;
  readonly events: Events;
  readonly logger: Logger;
  readonly limitsOf: (agent: AgentRuntime) => Limits;
  readonly pingInterval: number;
  /** Gives the session an address of its own, and the variables that lead its agent to it. */
  readonly admit: (session: Session) => {
    readonly environment: Readonly<Record<string, string>>;
    readonly revoke: () => void;
  };
}

/** How long AWS lets an agent take until its first healthy ping. */
const INITIALISATION_SECONDS = 60;

const KEPT_ENTRIES = 1_000;
const LAST_WORDS_MILLISECONDS = 1_000;

/** Brings a session to life: it starts at once. */
export function createSession(
  {
    agent,
    id,
    run,
    qualifier,
    folder,
    requestId,
  }: {
    readonly agent: AgentRuntime;
    readonly id: string;
    readonly run: number;
    readonly qualifier: string;
    readonly folder: string;
    readonly requestId: string;
  },
  { clock, compute, events, logger, limitsOf, pingInterval, admit }: SessionSurroundings,
): Session {
  const of = { runtimeId: agent.id, sessionId: id, run };
  const entries: TimelineEntry[] = [];
  const cancels: Cancel[] = [];
  const connections = new ConnectionPool({
    keepAlive: true,
    // Servers drop idle connections after 5 s (uvicorn, Node); ours go first.
    timeout: 4_000,
  });
  const gone = Promise.withResolvers<void>();
  const failedStart = Promise.withResolvers<never>();
  failedStart.promise.catch(() => {});
  let life = born(clock.now(), limitsOf(agent));
  let making: Promise<Machine> | null = null;
  let machine: Machine | null = null;
  let port: number | null = null;
  let exit: Exit | null = null;
  let output: Output | null = null;
  let pingProblem: string | null = null;
  let revokeAddress: () => void = () => {};

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
      if (exit) return `the agent ended with ${describeExit(exit)}${quoteTail()}`;
      return life.reason ? `the session ended: ${life.reason}` : 'the agent still runs';
    },
    record,
    async forget() {
      output?.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return session;

  function apply(event: LifeEvent, cause: string): void {
    const before = life;
    life = next(life, event);
    if (life.state === before.state) return;
    record({ type: 'state', from: before.state, to: life.state, cause });
    events.publish(() => ({ type: 'session', session: summary() }));
    if (life.state === 'terminating') void tearDown(cause);
  }

  function record(fields: DistributiveOmit<TimelineEntry, 'time'>): void {
    const entry = { time: timestamp(clock.now()), ...fields };
    entries.push(entry);
    if (entries.length > KEPT_ENTRIES) entries.shift();
    events.publish(() => ({ type: 'timeline', of, entry }));
  }

  async function start(): Promise<void> {
    record({ type: 'state', from: null, to: 'starting', cause: `request ${requestId}` });
    cancels.push(clock.at(life.startedAt + INITIALISATION_SECONDS * 1000, initialisationExceeded));
    // A microtask later, so that `session` is whole before anybody is given it.
    await Promise.resolve();
    try {
      await Promise.race([bringUp(), failedStart.promise]);
      if (!serves(life)) throw new StartFailure(`The session ended while it started.`);
    } catch (error) {
      const why =
        error instanceof StartFailure ? error : new StartFailure((error as Error).message);
      logger.error(`${agent.source.name}: ${why.message}`);
      apply({ type: 'end', at: clock.now(), reason: 'start-failed' }, why.message);
      throw why;
    }
  }

  async function bringUp(): Promise<void> {
    await mkdir(folder, { recursive: true });
    output = createOutput(join(folder, 'output.jsonl'));
    const address = admit(session);
    revokeAddress = address.revoke;
    const { source } = agent;
    making = compute.start(
      {
        folder: join(folder, 'machine'),
        root: source.root,
        code: source.code,
        entrypoint: source.entrypoint,
        language: source.language,
        contractPort: contractPorts[source.protocol],
        environment: { ...source.environment, ...address.environment },
      },
      print,
    );
    machine = await making;
    void machine.exited.then(machineEnded);
    if (life.state !== 'starting') return;
    port = await machine.listening;
    const answer = await firstPing();
    if (!answer) return;
    apply({ type: 'ready', at: clock.now(), answer }, 'the agent answered /ping');
    cancels.push(clock.every(pingInterval, () => void look()));
    awaitDeadline();
  }

  async function firstPing(): Promise<PingAnswer | null> {
    for (let wait = 2; life.state === 'starting'; wait = Math.min(wait * 2, 250)) {
      const answer = await ping(session.line());
      if (typeof answer !== 'string') return answer;
      notePingProblem(answer);
      await sleep(wait);
    }
    return null;
  }

  function initialisationExceeded(): Promise<void> | void {
    if (life.state !== 'starting') return;
    const missing =
      port === null
        ? `It never listened on port ${contractPorts[agent.source.protocol]}.`
        : `It listens, but ${pingProblem ?? '/ping has not answered yet'}.`;
    failedStart.reject(
      new StartFailure(
        `Runtime initialization time exceeded. Please make sure that initialization completes in ${INITIALISATION_SECONDS}s. ${missing}${quoteTail()}`,
      ),
    );
    return gone.promise;
  }

  function machineEnded(how: Exit): void {
    exit = how;
    if (life.state === 'starting') {
      failedStart.reject(
        new StartFailure(
          `The agent ended with ${describeExit(how)} before it answered /ping.${quoteTail()}`,
        ),
      );
    } else if (serves(life)) {
      apply({ type: 'gone', at: clock.now() }, `the agent ended with ${describeExit(how)}`);
      logger.error(`${agent.source.name}: the agent ended with ${describeExit(how)}`);
      void cleanUp();
    }
  }

  async function tearDown(cause: string): Promise<void> {
    for (const cancel of cancels) cancel();
    // It may be ended while it is still being made; then it is stopped as soon as it is there.
    const made = await making?.catch(() => null);
    await made?.stop();
    apply({ type: 'gone', at: clock.now() }, exit ? describeExit(exit) : cause);
    await cleanUp();
  }

  async function cleanUp(): Promise<void> {
    for (const cancel of cancels) cancel();
    connections.destroy();
    revokeAddress();
    await rm(join(folder, 'machine'), { recursive: true, force: true });
    gone.resolve();
  }

  // One timer for both deadlines. It is set for the earliest moment at which one could fall due and
  // not moved by every request: when it comes too early, it is set again.
  function awaitDeadline(): void {
    const { idle, max } = deadlines(life);
    const check = Math.min(max, idle ?? clock.now() + life.limits.idleTimeout);
    cancels.push(
      clock.at(check, async () => {
        if (!serves(life)) return;
        await look();
        apply({ type: 'due', at: clock.now() }, 'its deadline passed');
        if (serves(life)) awaitDeadline();
        else await gone.promise;
      }),
    );
  }

  async function look(): Promise<void> {
    if (!serves(life)) return;
    const answer = await ping(session.line());
    if (typeof answer === 'string') return notePingProblem(answer);
    pingProblem = null;
    apply({ type: 'pinged', at: clock.now(), answer }, `ping says ${answer.status}`);
  }

  function notePingProblem(problem: string): void {
    if (problem === pingProblem || (life.state !== 'starting' && !serves(life))) return;
    pingProblem = problem;
    record({ type: 'note', message: problem });
    logger.warn(`${agent.source.name}: ${problem}`);
  }

  function print(stream: 'stdout' | 'stderr', text: string): void {
    const line: LogLine = { time: timestamp(clock.now()), stream, text };
    output?.add(line);
    events.publish(() => ({ type: 'log', of, line }));
    logger.info(`${agent.source.name} ${id.slice(0, 8)} | ${text}`);
  }

  function quoteTail(): string {
    const tail = output?.tail();
    return tail ? ` Its last output:\n${tail}` : ' It printed nothing.';
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
      compute: machine && { kind: machine.kind, pid: machine.pid, port },
    };
  }
}

/** A moment of virtual time as the admin API writes it. */
export function timestamp(time: number): string {
  return new Date(time).toISOString();
}
