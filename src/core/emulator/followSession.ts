import { createParser } from 'eventsource-parser';
import type { ClockReading, EmulatorEvent } from '../../shared/emulator.ts';
import type { LogLine, SessionSummary } from '../../shared/session.ts';
import type { SessionReading } from '../chat/session/reading.ts';

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

/** How many of its last lines a session that failed is quoted with. */
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
    await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS).unref());
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
  const isMeant = (session: SessionSummary) =>
    session.runtimeId === runtimeId && session.sessionId === sessionId;
  const lives = new Map<number, SessionSummary>();
  const logTails = new Map<number, string>();
  let clock: ClockReading | null = null;

  function tell(): void {
    if (clock === null || signal.aborted) return;
    const last = [...lives.keys()].at(-1);
    onReading({
      lives: [...lives.values()],
      offsetSeconds: clock.offsetSeconds,
      logTail: (last !== undefined && logTails.get(last)) || null,
    });
  }

  async function quote({ run }: SessionSummary): Promise<void> {
    const path = `sessions/${runtimeId}/${encodeURIComponent(sessionId)}/${run}/logs`;
    const { logs } = await ask<{ logs: LogLine[] }>(path);
    const lines = logs.slice(-QUOTED_LINES).map(({ text }) => text);
    logTails.set(run, lines.join('\n').slice(-QUOTED_LETTERS));
    tell();
  }

  function take(session: SessionSummary): void {
    if (!isMeant(session)) return;
    lives.set(session.run, session);
    if (session.state !== 'terminated' || !QUOTED_ENDS.has(session.reason)) return;
    // What cannot be quoted is not: the reason stands by itself.
    quote(session).catch(() => {});
  }

  // The stream first, so that nothing falls between the two.
  const stream = await fetch(`${url}/_emulator/events?type=session&type=clock`, { signal });
  if (!stream.ok || stream.body === null) throw new Error(`events: ${stream.status}`);
  const [{ sessions }, now] = await Promise.all([
    ask<{ sessions: SessionSummary[] }>('sessions'),
    ask<ClockReading>('clock'),
  ]);
  clock = now;
  for (const session of sessions) take(session);
  tell();

  const parser = createParser({
    onEvent({ data }) {
      const event = JSON.parse(data) as EmulatorEvent;
      if (event.type === 'clock') ({ clock } = event);
      else if (event.type === 'session' && isMeant(event.session)) take(event.session);
      else return;
      tell();
    },
  });
  const decoder = new TextDecoder();
  for await (const bytes of stream.body) {
    parser.feed(decoder.decode(bytes as Uint8Array, { stream: true }));
  }
}
