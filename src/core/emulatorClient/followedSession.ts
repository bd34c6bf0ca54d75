import { setTimeout } from 'node:timers/promises';
import type { SessionServers } from '../../shared/chat/session.ts';
import { withoutToken } from '../../shared/emulator.ts';
import type { SessionEndpoint, SessionSummary, TimelineEntry } from '../../shared/session.ts';
import { NO_TIMELINE_FACTS, type SessionReading, type TimelineFacts } from '../agents/session.ts';
import { createEmitter, type Subscribe } from '../emitter.ts';
import type { AdminClient } from './adminClient.ts';
import { withTimelineEntry } from './timelineFacts.ts';

/** Interval at which the output of a starting run is read. */
const LOG_POLL_MILLISECONDS = 1000;

/** Limits of the quoted output of a run. */
const QUOTED_LINES = 20;
const QUOTED_CHARACTERS = 8_000;

/** End reasons that the agent's own output explains. */
const QUOTED_REASONS: ReadonlySet<string | null> = new Set([
  'crashed',
  'start-failed',
  'unhealthy',
]);

/** A session with followers: its runs, the output of a failing run, and the timeline's facts. */
export interface FollowedSession {
  /** Adds a follower, which gets the current reading first if there is one. */
  readonly follow: Subscribe<SessionReading | null>;
  hasFollowers(): boolean;
  /** Starts from these runs; the reading is reported once the last run's timeline is read. */
  load(runs: readonly SessionSummary[]): Promise<void>;
  updateRun(run: SessionSummary): void;
  addEntry(run: number, entry: TimelineEntry): void;
  /** Reports the reading again, after the clock has moved. */
  report(): void;
  /** Discards all state until the next `load`, because the emulator cannot be reached. */
  unload(): void;
}

/** Creates a session without followers and runs. */
export function createFollowedSession(
  client: AdminClient,
  offsetSeconds: () => number,
): FollowedSession {
  const { subscribe, emit } = createEmitter<SessionReading | null>();
  const runs = new Map<number, SessionSummary>();
  const logTails = new Map<number, string>();
  const facts = new Map<number, TimelineFacts>();
  /** Entries that arrived while the timeline before them was read. */
  let pending: { readonly run: number; readonly entry: TimelineEntry }[] | null = null;
  let followers = 0;
  let loaded = new AbortController();
  let isLoaded = false;
  const polled = new Set<number>();

  function reading(): SessionReading | null {
    if (!isLoaded) return null;
    const last = [...runs.keys()].at(-1) ?? 0;
    return {
      runs: [...runs.values()],
      offsetSeconds: offsetSeconds(),
      logTail: logTails.get(last) || null,
      facts: facts.get(last) ?? NO_TIMELINE_FACTS,
      servers: describeServers(runs.get(last)?.endpoint ?? null, client.url),
    };
  }

  function report(): void {
    if (isLoaded) emit(reading());
  }

  async function quoteLog(session: SessionSummary, signal: AbortSignal): Promise<void> {
    const logs = await client.logs(session, signal);
    const current = runs.get(session.run);
    if (signal.aborted || !current || !isQuoted(current)) return;
    const lines = logs.slice(-QUOTED_LINES).map(({ text }) => text);
    logTails.set(session.run, lines.join('\n').slice(-QUOTED_CHARACTERS));
    report();
  }

  /** Shows the agent's output while it starts. */
  async function pollLog(session: SessionSummary, signal: AbortSignal): Promise<void> {
    if (polled.has(session.run)) return;
    polled.add(session.run);
    for (;;) {
      await setTimeout(LOG_POLL_MILLISECONDS, undefined, { signal, ref: false });
      if (runs.get(session.run)?.state !== 'starting') return;
      await quoteLog(session, signal);
    }
  }

  function setRun(session: SessionSummary): void {
    const { signal } = loaded;
    runs.set(session.run, session);
    if (!isQuoted(session)) logTails.delete(session.run);
    // Without its output, an end reason stands by itself.
    else if (session.state === 'terminated') quoteLog(session, signal).catch(() => {});
    else pollLog(session, signal).catch(() => {});
  }

  function applyEntry(run: number, entry: TimelineEntry): void {
    facts.set(run, withTimelineEntry(facts.get(run) ?? NO_TIMELINE_FACTS, entry));
  }

  function reset(): void {
    loaded.abort();
    loaded = new AbortController();
    isLoaded = false;
    for (const kept of [runs, logTails, facts, polled]) kept.clear();
    pending = null;
  }

  return {
    follow(listener) {
      followers += 1;
      const unsubscribe = subscribe(listener);
      if (isLoaded) listener(reading());
      return () => {
        unsubscribe();
        followers -= 1;
        if (followers === 0) reset();
      };
    },
    hasFollowers: () => followers > 0,
    async load(known) {
      reset();
      const { signal } = loaded;
      for (const run of known) setRun(run);
      const last = known.at(-1);
      if (last && last.state !== 'terminated') {
        pending = [];
        for (const entry of await client.timeline(last, signal)) applyEntry(last.run, entry);
      }
      if (signal.aborted) return;
      for (const { run, entry } of pending ?? []) applyEntry(run, entry);
      pending = null;
      isLoaded = true;
      report();
    },
    updateRun(run) {
      setRun(run);
      report();
    },
    addEntry(run, entry) {
      if (pending) return void pending.push({ run, entry });
      applyEntry(run, entry);
      report();
    },
    report,
    unload() {
      reset();
      emit(null);
    },
  };
}

function describeServers(endpoint: SessionEndpoint | null, url: string): SessionServers | null {
  if (endpoint === null) return null;
  const { token, ports, requiresCredentials } = endpoint;
  return {
    url: `${withoutToken(url)}/~${token}`,
    pages: requiresCredentials ? null : { token, ports },
  };
}

/** True if a run's last output is worth showing. */
function isQuoted({ state, reason }: SessionSummary): boolean {
  return state === 'starting' || (state === 'terminated' && QUOTED_REASONS.has(reason));
}
