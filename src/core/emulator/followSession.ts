import { createParser } from 'eventsource-parser';
import { setTimeout } from 'node:timers/promises';
import type { ClockReading, EmulatorEvent, SessionRun } from '../../shared/emulator.ts';
import type { LogLine, SessionSummary, TimelineEntry } from '../../shared/session.ts';
import type { SessionReading } from '../chat/session/reading.ts';
import { withTimelineEntry, NO_TIMELINE_FACTS, type TimelineFacts } from '../chat/session/told.ts';

/** Which session is followed, and who wants to know. */
export interface SessionFollower {
  /** The emulator's address. */
  readonly url: string;
  readonly runtimeId: string;
  readonly sessionId: string;
  /** Null while the emulator cannot be asked. */
  readonly onReading: (reading: SessionReading | null) => void;
}

/** How long it waits before it asks again an emulator that broke off. */
const RETRY_MILLISECONDS = 1000;

/** How often one that starts is asked what it has printed: a start that takes long is watched. */
const LOOK_MILLISECONDS = 1000;

/** How many of its last lines a session is quoted with that starts or has failed. */
const QUOTED_LINES = 20;
const QUOTED_LETTERS = 8_000;

/** Ends of which the agent's own words say more. */
const QUOTED_ENDS: ReadonlySet<string | null> = new Set(['crashed', 'start-failed', 'unhealthy']);

/** Tells what becomes of a session, all of its lives, until the function that it gives back is called. */
export function followSession(follower: SessionFollower): () => void {
  const ended = new AbortController();
  void goOn(follower, ended.signal);
  return () => ended.abort();
}

async function goOn(follower: SessionFollower, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await followOnce(follower, signal);
    } catch {
      // It broke off, or does not answer: both are nothing known.
    }
    if (signal.aborted) return;
    follower.onReading(null);
    await setTimeout(RETRY_MILLISECONDS, undefined, { ref: false });
  }
}

async function followOnce(
  { url, runtimeId, sessionId, onReading }: SessionFollower,
  signal: AbortSignal,
): Promise<void> {
  const ask = async <Answer>(path: string): Promise<Answer> => {
    const response = await fetch(`${url}/_emulator/${path}`, { signal });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return (await response.json()) as Answer;
  };
  const isMeant = (one: SessionRun) => one.runtimeId === runtimeId && one.sessionId === sessionId;
  const lives = new Map<number, SessionSummary>();
  const logTails = new Map<number, string>();
  const told = new Map<number, TimelineFacts>();
  const looking = new Set<number>();
  let clock: ClockReading | null = null;

  function tell(): void {
    if (clock === null || signal.aborted) return;
    const last = [...lives.keys()].at(-1) ?? 0;
    onReading({
      runs: [...lives.values()],
      offsetSeconds: clock.offsetSeconds,
      logTail: logTails.get(last) || null,
      facts: told.get(last) ?? NO_TIMELINE_FACTS,
    });
  }

  const pathOf = (run: number) => `sessions/${runtimeId}/${encodeURIComponent(sessionId)}/${run}`;

  async function quote({ run }: SessionSummary): Promise<void> {
    const { logs } = await ask<{ logs: LogLine[] }>(`${pathOf(run)}/logs`);
    const lines = logs.slice(-QUOTED_LINES).map(({ text }) => text);
    if (!isQuoted(lives.get(run)!)) return;
    logTails.set(run, lines.join('\n').slice(-QUOTED_LETTERS));
    tell();
  }

  async function look(session: SessionSummary): Promise<void> {
    const { run } = session;
    if (looking.has(run)) return;
    looking.add(run);
    for (;;) {
      await setTimeout(LOOK_MILLISECONDS, undefined, { signal, ref: false });
      if (lives.get(run)?.state !== 'starting') return;
      await quote(session);
    }
  }

  function note(run: number, entry: TimelineEntry): void {
    told.set(run, withTimelineEntry(told.get(run) ?? NO_TIMELINE_FACTS, entry));
  }

  function take(session: SessionSummary): void {
    if (!isMeant(session)) return;
    lives.set(session.run, session);
    if (session.state === 'starting') look(session).catch(() => {});
    if (!isQuoted(session)) logTails.delete(session.run);
    if (session.state !== 'terminated' || !isQuoted(session)) return;
    // What cannot be quoted is not: the reason stands by itself.
    quote(session).catch(() => {});
  }

  // The stream first, so that nothing falls between the two.
  const stream = await fetch(`${url}/_emulator/events?type=session&type=timeline&type=clock`, {
    signal,
  });
  if (!stream.ok || stream.body === null) throw new Error(`events: ${stream.status}`);
  const [{ sessions }, now] = await Promise.all([
    ask<{ sessions: SessionSummary[] }>('sessions'),
    ask<ClockReading>('clock'),
  ]);
  clock = now;
  for (const session of sessions) take(session);
  const last = [...lives.values()].at(-1);
  if (last && last.state !== 'terminated') {
    const { timeline } = await ask<{ timeline: TimelineEntry[] }>(`${pathOf(last.run)}/timeline`);
    for (const entry of timeline) note(last.run, entry);
  }
  tell();

  const parser = createParser({
    onEvent({ data }) {
      const event = JSON.parse(data) as EmulatorEvent;
      if (event.type === 'clock') ({ clock } = event);
      else if (event.type === 'session' && isMeant(event.session)) take(event.session);
      else if (event.type === 'timeline' && isMeant(event.of)) note(event.of.run, event.entry);
      else return;
      tell();
    },
  });
  const decoder = new TextDecoder();
  for await (const bytes of stream.body) {
    parser.feed(decoder.decode(bytes as Uint8Array, { stream: true }));
  }
}

/** Whether its last lines are of use: those of one that is well are its own affair. */
function isQuoted({ state, reason }: SessionSummary): boolean {
  return state === 'starting' || (state === 'terminated' && QUOTED_ENDS.has(reason));
}
