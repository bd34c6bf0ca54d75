import type { MachineRecord } from '../../../shared/chat/machineRecord.ts';
import type { Opening, SessionStatus } from '../../../shared/chat/session.ts';
import { openingOf, statusOf, type SessionRunState, type SessionReading } from './reading.ts';

/** Which session of which agent is meant. */
export interface SessionOf {
  /** The id of a `ChatAgent`. */
  readonly agent: string;
  readonly sessionId: string;
}

/** What can be known of sessions, and done to them. */
export interface Sessions {
  /** Tells a session's machines at every change; null while they cannot be known. */
  follow(
    session: SessionOf,
    onReading: (reading: SessionReading | null) => void,
    own: ChatActivity,
  ): () => void;
  /** What is kept of a session's machines, oldest first, or null; absent where nobody tells. */
  machines?(session: SessionOf): Promise<readonly MachineRecord[] | null>;
  /** Ends a session's machine; rejects with the service's own error. */
  stop(session: SessionOf): Promise<void>;
}

/** What a chat knows of a session by itself, which is all where nobody tells more. */
export interface ChatActivity {
  /** When the machine that answered last started; null as long as none has. */
  readonly runStartedAt: string | null;
  /** When the last answer ended, in milliseconds. */
  readonly lastActivityAt: number | null;
  /**
   * Calls back before a turn begins, when it begins, and when nothing goes on any more, neither a turn nor
   * a web socket, or the turn was refused before it came to a machine.
   */
  onTurn(listener: (phase: 'comes' | 'begins' | 'ended' | 'refused') => void): void;
}

/** What of a session is to be remembered. */
export interface RememberedSession {
  /** When the machine started that answered last; null as long as none has. */
  readonly runStartedAt: string | null;
  /** What the next turn opens with, whatever becomes of the machine. */
  readonly opening: Opening | null;
}

/** Of a session that begins with its conversation. */
export const NEW_SESSION: RememberedSession = { runStartedAt: null, opening: null };

/** Keeps an eye on the machine behind a conversation. */
export interface SessionWatch {
  /** Follows this session from now on, or none, in which something last happened then. */
  follow(session: SessionOf | null, past: RememberedSession, lastAt: number | null): void;
  status(): SessionStatus;
  /** What the next turn will open with. */
  opening(): Opening | null;
  remembered(): RememberedSession;
  /** A turn is about to begin: what is only reckoned is reckoned anew. */
  beforeTurn(): void;
  /** This turn begins: whichever machine comes up is its own. */
  turnStarted(turn: string): void;
  turnEnded(wasRefused: boolean): void;
  /** A web socket keeps the session busy, or no longer. */
  socketChanged(isOpen: boolean): void;
  dispose(): void;
}

/** What a watch tells. */
export interface SessionWatchOptions {
  readonly sessions: Sessions;
  /** The status may have changed, or what the next turn opens with. */
  readonly onChange: () => void;
  /** The turn has met another machine than was known when it began. */
  readonly onOpened: (turn: string, opening: Opening) => void;
}

/** Follows one session at a time. */
export function createSessionWatch(options: SessionWatchOptions): SessionWatch {
  const { sessions, onChange, onOpened } = options;
  let unfollow = () => {};
  let reading: SessionReading | null = null;
  let { runStartedAt, opening: announced } = NEW_SESSION;
  /** A turn that looks for its machine, which none of those before it is, by when they started. */
  let search: { readonly turn: string; readonly before: ReadonlySet<string> } | null = null;
  let turnRuns = false;
  let lineIsOpen = false;
  let lifeBefore = runStartedAt;
  let tellTurn: Parameters<ChatActivity['onTurn']>[0] = () => {};

  function take(next: SessionReading | null): void {
    reading = next;
    const last = next?.runs.at(-1);
    if (search !== null && last && !search.before.has(last.startedAt)) {
      const { turn, before } = search;
      const opening = openingOf(next, runStartedAt);
      runStartedAt = last.startedAt;
      search = { turn, before: new Set([...before, runStartedAt]) };
      if (opening !== null) onOpened(turn, opening);
    }
    // What comes up once the turn's own machine has come to rest is another's.
    if (!turnRuns && last?.state !== 'starting' && last?.state !== 'active') search = null;
    onChange();
  }

  return {
    follow(session, past, lastAt) {
      unfollow();
      [reading, search, turnRuns, lineIsOpen] = [null, null, false, false];
      tellTurn = () => {};
      ({ runStartedAt, opening: announced } = past);
      const onTurn: ChatActivity['onTurn'] = (listener) => {
        tellTurn = listener;
      };
      const own = { runStartedAt, lastActivityAt: lastAt, onTurn };
      unfollow = session === null ? () => {} : sessions.follow(session, take, own);
    },
    status: () => statusOf(reading, runStartedAt),
    opening: () => openingOf(reading, runStartedAt) ?? announced,
    remembered: () => ({ runStartedAt, opening: announced }),
    beforeTurn: () => tellTurn('comes'),
    turnStarted(turn) {
      turnRuns = true;
      lifeBefore = runStartedAt;
      const last = reading?.runs.at(-1);
      if (last && isAlive(last)) runStartedAt = last.startedAt;
      // One whose end was known is not the last turn's any more: its end has been told.
      else if (openingOf(reading, runStartedAt) !== null) runStartedAt = null;
      announced = null;
      search = { turn, before: new Set(reading?.runs.map(({ startedAt }) => startedAt)) };
      tellTurn('begins');
    },
    turnEnded(wasRefused) {
      turnRuns = false;
      // What began with it has not begun.
      if (wasRefused) runStartedAt = lifeBefore;
      if (!lineIsOpen) tellTurn(wasRefused ? 'refused' : 'ended');
    },
    socketChanged(isOpen) {
      const wasOpen = lineIsOpen;
      lineIsOpen = isOpen;
      if (wasOpen && !isOpen && !turnRuns) tellTurn('ended');
    },
    dispose: () => unfollow(),
  };
}

function isAlive({ state }: SessionRunState): boolean {
  return state !== 'terminating' && state !== 'terminated';
}
