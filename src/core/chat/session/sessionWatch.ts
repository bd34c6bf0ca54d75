import type { Opening, SessionStatus } from '../../../shared/chat/session.ts';
import type { AgentRegistry } from '../../agents/agentRegistry.ts';
import type {
  AgentSession,
  ChatActivity,
  SessionReading,
  SessionRunState,
  TurnPhase,
} from '../../agents/session.ts';
import type { ModelCallSummary } from '../../../shared/session.ts';
import { findOpening, toSessionStatus } from './sessionStatus.ts';
import { createTurnModelCalls } from './turnModelCalls.ts';

/** The part of a session that its conversation stores. */
export interface RememberedSession {
  /** Start of the run that answered last, which identifies it; null before the first answer. */
  readonly runStartedAt: string | null;
  /** The next turn's opening, regardless of the run. */
  readonly opening: Opening | null;
}

/** A session that starts with its conversation. */
export const NEW_SESSION: RememberedSession = { runStartedAt: null, opening: null };

/** Follows the session of a conversation. */
export interface SessionWatch {
  /**
   * Follows this session from now on, or none. `lastActivityAt` is the end of its last answer, in
   * milliseconds.
   */
  follow(
    session: AgentSession | null,
    remembered: RememberedSession,
    lastActivityAt: number | null,
  ): void;
  status(): SessionStatus;
  /** The next turn's opening. */
  opening(): Opening | null;
  remembered(): RememberedSession;
  /** A turn is about to start; an estimated status is estimated again. */
  beforeTurn(): void;
  /** A turn started; the next run to appear is its own. */
  turnStarted(turn: string, at: number): void;
  turnEnded(wasRefused: boolean, at: number): void;
  /** A WebSocket keeps the session busy, or no longer does. */
  socketChanged(isOpen: boolean): void;
  dispose(): void;
}

/** Dependencies and callbacks of a session watch. */
export interface SessionWatchOptions {
  readonly connect: AgentRegistry['connect'];
  /** The status or the next turn's opening may have changed. */
  readonly onChange: () => void;
  /** The turn has a different run than the one known when it started. */
  readonly onOpened: (turn: string, opening: Opening) => void;
  /** A model call of the turn ended. */
  readonly onModelCall: (turn: string, call: ModelCallSummary) => void;
}

/** Creates a watch that follows no session yet, and one at a time. */
export function createSessionWatch(options: SessionWatchOptions): SessionWatch {
  const { connect, onChange, onOpened } = options;
  const modelCalls = createTurnModelCalls(options.onModelCall);
  let unfollow = () => {};
  let reading: SessionReading | null = null;
  let { runStartedAt, opening: announced } = NEW_SESSION;
  /** A turn whose run has not appeared yet, and the starts of all runs before it. */
  let search: { readonly turn: string; readonly before: ReadonlySet<string> } | null = null;
  let turnRuns = false;
  let socketIsOpen = false;
  let runBeforeTurn = runStartedAt;
  let reportPhase: (phase: TurnPhase) => void = () => {};

  function take(next: SessionReading | null): void {
    reading = next;
    const last = next?.runs.at(-1);
    if (search !== null && last && !search.before.has(last.startedAt)) {
      const { turn, before } = search;
      const opening = findOpening(next, runStartedAt);
      runStartedAt = last.startedAt;
      search = { turn, before: new Set([...before, runStartedAt]) };
      if (opening !== null) onOpened(turn, opening);
    }
    // A run that appears after the turn's own run is idle belongs to another caller.
    if (!turnRuns && last?.state !== 'starting' && last?.state !== 'active') search = null;
    if (next !== null) modelCalls.take(next);
    onChange();
  }

  return {
    follow(session, remembered, lastActivityAt) {
      unfollow();
      unfollow = () => {};
      [reading, search, turnRuns, socketIsOpen] = [null, null, false, false];
      reportPhase = () => {};
      modelCalls.reset();
      ({ runStartedAt, opening: announced } = remembered);
      if (session === null) return;
      const activity: ChatActivity = {
        runStartedAt,
        lastActivityAt,
        onTurn(listener) {
          reportPhase = listener;
        },
      };
      unfollow = connect(session.target).followSession(session.sessionId, take, activity);
    },
    status: () => toSessionStatus(reading, runStartedAt),
    opening: () => findOpening(reading, runStartedAt) ?? announced,
    remembered: () => ({ runStartedAt, opening: announced }),
    beforeTurn: () => reportPhase('beforeTurn'),
    turnStarted(turn, at) {
      turnRuns = true;
      modelCalls.turnStarted(turn, at);
      runBeforeTurn = runStartedAt;
      const last = reading?.runs.at(-1);
      if (last && isAlive(last)) runStartedAt = last.startedAt;
      // The end of a run that had ended before is announced already.
      else if (findOpening(reading, runStartedAt) !== null) runStartedAt = null;
      announced = null;
      search = { turn, before: new Set(reading?.runs.map(({ startedAt }) => startedAt)) };
      reportPhase('started');
    },
    turnEnded(wasRefused, at) {
      turnRuns = false;
      modelCalls.turnEnded(at);
      // A refused turn started no run.
      if (wasRefused) runStartedAt = runBeforeTurn;
      if (!socketIsOpen) reportPhase(wasRefused ? 'refused' : 'ended');
    },
    socketChanged(isOpen) {
      const wasOpen = socketIsOpen;
      socketIsOpen = isOpen;
      if (wasOpen && !isOpen && !turnRuns) reportPhase('ended');
    },
    dispose: () => unfollow(),
  };
}

function isAlive({ state }: SessionRunState): boolean {
  return state !== 'terminating' && state !== 'terminated';
}
