import type { BrokenCode, SessionEstimate, SessionServers } from '../../shared/chat/session.ts';
import type { ModelCallSummary, SessionSummary } from '../../shared/session.ts';
import type { Target } from '../../shared/target.ts';

/** A session of a target, and the user that the agent works for. */
export interface AgentSession {
  readonly target: Target;
  readonly sessionId: string;
  /** Sent as the runtime user id; null to send none. */
  readonly actorId: string | null;
}

/** The part of a session run that a chat shows. */
export type SessionRunState = Pick<
  SessionSummary,
  'state' | 'reason' | 'startedAt' | 'startDeadline' | 'idleDeadline' | 'maxDeadline'
>;

/** State of a session at one moment. */
export interface SessionReading {
  /** All known runs of the session, oldest first. */
  readonly runs: readonly SessionRunState[];
  /** Seconds that the times in `runs` are ahead of real time. */
  readonly offsetSeconds: number;
  /** Last output of the last run, while it starts and after it failed. */
  readonly logTail: string | null;
  readonly facts: TimelineFacts;
  /** The session endpoint of the last run, if it has one and accepts requests. */
  readonly servers: SessionServers | null;
  /** The basis of the estimate, if the state is estimated. */
  readonly estimateBasis?: SessionEstimate['basis'];
}

/** Facts of a run's timeline besides its states. */
export interface TimelineFacts {
  /** The last note. */
  readonly note: string | null;
  /** A code change that does not start. */
  readonly brokenCode: BrokenCode | null;
  /** The last calls of models, oldest first. */
  readonly modelCalls: readonly ObservedModelCall[];
}

/** A call of a model that ended. */
export interface ObservedModelCall {
  readonly requestId: string;
  /** Virtual time of its end, ISO-8601. */
  readonly time: string;
  readonly summary: ModelCallSummary;
}

/** Facts of a run without timeline entries. */
export const NO_TIMELINE_FACTS: TimelineFacts = { note: null, brokenCode: null, modelCalls: [] };

/**
 * A phase of the caller's use of a session. `ended`: no turn and no WebSocket uses the session now.
 * `refused`: the turn did not reach a machine.
 */
export type TurnPhase = 'beforeTurn' | 'started' | 'ended' | 'refused';

/** The caller's own use of a session, from which its state is estimated if it is not reported. */
export interface ChatActivity {
  /** Start of the run that answered last; null before the first answer. */
  readonly runStartedAt: string | null;
  /** End of the last answer, in milliseconds. */
  readonly lastActivityAt: number | null;
  onTurn(listener: (phase: TurnPhase) => void): void;
}
