import type { ClockReading, EmulatorEvent } from '../../shared/emulator.ts';
import type { SessionSummary } from '../../shared/session.ts';
import type { SessionReading } from '../agents/session.ts';
import { createEmitter, type Subscribe } from '../emitter.ts';
import type { AdminClient } from './adminClient.ts';
import { openEventStream } from './eventStream.ts';
import type { SessionKey } from './sessionKey.ts';
import { createFollowedSession, type FollowedSession } from './followedSession.ts';

/**
 * The sessions of an emulator, kept up to date by one event stream that all subscribers share. The
 * stream is open while there is a subscriber.
 */
export interface SessionStore {
  /** All runs that the emulator knows, oldest first; empty while it cannot be reached. */
  sessions(): readonly SessionSummary[];
  /** Null while the emulator cannot be reached. */
  clock(): ClockReading | null;
  /** Reports every change of the sessions and the clock. */
  readonly onChange: Subscribe;
  /** Reports one session now and after every change; null while the emulator cannot be reached. */
  follow(session: SessionKey, onReading: (reading: SessionReading | null) => void): () => void;
  close(): void;
}

interface Followed {
  readonly key: SessionKey;
  readonly session: FollowedSession;
}

/** Ended runs that are kept, as many as the emulator keeps. */
const MAX_ENDED_RUNS = 1000;

/** Events that change a session or the clock. Log lines are read when they are shown. */
const TYPES: readonly EmulatorEvent['type'][] = ['session', 'timeline', 'clock'];

/** Creates the store of an emulator; it connects with the first subscriber. */
export function createSessionStore(client: AdminClient): SessionStore {
  const { subscribe, emit } = createEmitter();
  /** Oldest first. */
  const runs = new Map<string, SessionSummary>();
  const followed = new Map<string, Followed>();
  let clock: ClockReading | null = null;
  let subscribers = 0;
  let closeStream: (() => void) | null = null;
  let isClosed = false;

  const offsetSeconds = () => clock?.offsetSeconds ?? 0;

  function findRuns({ runtimeId, sessionId }: SessionKey): SessionSummary[] {
    return [...runs.values()].filter(
      (run) => run.runtimeId === runtimeId && run.sessionId === sessionId,
    );
  }

  function setRun(run: SessionSummary): void {
    runs.set(`${toId(run)} ${run.run}`, run);
    if (run.state !== 'terminated' || runs.size <= MAX_ENDED_RUNS) return;
    const ended = [...runs].filter(([, { state }]) => state === 'terminated');
    for (const [key] of ended.slice(0, -MAX_ENDED_RUNS)) runs.delete(key);
  }

  async function onOpen(signal: AbortSignal): Promise<void> {
    const [sessions, now] = await Promise.all([client.sessions(signal), client.clock(signal)]);
    runs.clear();
    for (const run of sessions) setRun(run);
    clock = now;
    await Promise.all(
      Array.from(followed.values(), ({ key, session }) => session.load(findRuns(key))),
    );
    emit();
  }

  function onEvent(event: EmulatorEvent): void {
    switch (event.type) {
      case 'clock':
        ({ clock } = event);
        for (const { session } of followed.values()) session.report();
        break;
      case 'session':
        setRun(event.session);
        followed.get(toId(event.session))?.session.updateRun(event.session);
        break;
      case 'timeline':
        followed.get(toId(event.of))?.session.addEntry(event.of.run, event.entry);
        return;
      case 'log':
        return;
    }
    emit();
  }

  function onClosed(): void {
    runs.clear();
    clock = null;
    for (const { session } of followed.values()) session.unload();
    emit();
  }

  function connect(): () => void {
    subscribers += 1;
    if (!isClosed) closeStream ??= openEventStream(client, TYPES, { onOpen, onEvent, onClosed });
    return () => {
      subscribers -= 1;
      if (subscribers === 0) disconnect();
    };
  }

  function disconnect(): void {
    closeStream?.();
    closeStream = null;
    runs.clear();
    clock = null;
  }

  return {
    sessions: () => [...runs.values()],
    clock: () => clock,
    onChange(listener) {
      const unsubscribe = subscribe(listener);
      const release = connect();
      return () => {
        unsubscribe();
        release();
      };
    },
    follow(key, onReading) {
      const id = toId(key);
      const known = followed.get(id);
      const { session } = known ?? { session: createFollowedSession(client, offsetSeconds) };
      followed.set(id, { key, session });
      const unfollow = session.follow(onReading);
      const release = connect();
      // While the store is not connected yet, it loads the session once it is.
      if (!known && clock !== null) session.load(findRuns(key)).catch(() => session.unload());
      return () => {
        unfollow();
        if (!session.hasFollowers() && followed.get(id)?.session === session) followed.delete(id);
        release();
      };
    },
    close() {
      isClosed = true;
      disconnect();
    },
  };
}

function toId({ runtimeId, sessionId }: SessionKey): string {
  return `${runtimeId} ${sessionId}`;
}
