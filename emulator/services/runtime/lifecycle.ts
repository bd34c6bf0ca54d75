import type { EndReason, SessionState } from '../../../src/shared/session.ts';
import type { PingAnswer } from './ping.ts';

/** AWS's `idleRuntimeSessionTimeout` and `maxLifetime`, in milliseconds. */
export interface SessionTimeouts {
  readonly idleTimeout: number;
  readonly maxLifetime: number;
}

/** The state that decides how long a session lives. Immutable: `next` returns a new value. */
export interface SessionLife {
  readonly state: SessionState;
  readonly reason: EndReason | null;
  readonly timeouts: SessionTimeouts;
  readonly startedAt: number;
  readonly lastActivityAt: number;
  /** Number of operations in flight. */
  readonly requests: number;
  /** The last healthy ping; null while the agent sends none. */
  readonly ping: PingAnswer | null;
  /** Time of the first unhealthy ping since the last healthy one. */
  readonly unhealthySince: number | null;
  /** Start of the idle time: the end of the last operation or the last change of the ping. */
  readonly idleSince: number;
}

/** An event in a session's life cycle. `at` is virtual time. */
export type LifecycleEvent = { readonly at: number } & (
  | { readonly type: 'ready'; readonly answer: PingAnswer }
  | { readonly type: 'request-began' }
  | { readonly type: 'request-ended' }
  | { readonly type: 'pinged'; readonly answer: PingAnswer }
  | { readonly type: 'ping-unanswered' }
  | { readonly type: 'ping-unhealthy' }
  | { readonly type: 'due' }
  | { readonly type: 'end'; readonly reason: EndReason }
  | { readonly type: 'gone' }
);

/** AWS stops an agent that stays unhealthy but does not document after how long. */
const UNHEALTHY_MILLISECONDS = 10_000;

/** An event that is impossible in the current state: a bug in the emulator. */
export class IllegalTransition extends Error {
  constructor(state: SessionState, event: LifecycleEvent['type']) {
    super(`A session in state ${state} cannot handle the event '${event}'.`);
  }
}

/** The state of a new session. The operation that started it is in flight. */
export function initialLife(at: number, limits: SessionTimeouts): SessionLife {
  return {
    state: 'starting',
    reason: null,
    timeouts: limits,
    startedAt: at,
    lastActivityAt: at,
    requests: 1,
    ping: null,
    unhealthySince: null,
    idleSince: at,
  };
}

/** Applies an event to a session's state, as measured on AgentCore. */
export function next(life: SessionLife, event: LifecycleEvent): SessionLife {
  switch (event.type) {
    case 'ready':
      if (life.state !== 'starting') throw new IllegalTransition(life.state, event.type);
      return withCurrentState({ ...life, ping: event.answer });

    case 'request-began':
      if (life.state !== 'active' && life.state !== 'idle') {
        throw new IllegalTransition(life.state, event.type);
      }
      return withCurrentState({ ...life, requests: life.requests + 1, lastActivityAt: event.at });

    case 'request-ended': {
      if (life.requests === 0) throw new IllegalTransition(life.state, event.type);
      const ended = { ...life, requests: life.requests - 1 };
      return acceptsRequests(life)
        ? withCurrentState({ ...ended, lastActivityAt: event.at, idleSince: event.at })
        : ended;
    }

    case 'pinged': {
      if (!acceptsRequests(life)) return life;
      const changed =
        life.ping !== null &&
        (keepsAlive(life.ping) !== keepsAlive(event.answer) ||
          hasAdvanced(life.ping, event.answer));
      return withCurrentState({
        ...life,
        ping: event.answer,
        unhealthySince: null,
        idleSince: changed ? event.at : life.idleSince,
      });
    }

    case 'ping-unanswered':
      return acceptsRequests(life) ? withoutPing(life, event.at) : life;

    case 'ping-unhealthy': {
      if (!acceptsRequests(life)) return life;
      const unhealthySince = life.unhealthySince ?? event.at;
      if (event.at - unhealthySince >= UNHEALTHY_MILLISECONDS) {
        return { ...life, state: 'terminating', reason: 'unhealthy' };
      }
      return withoutPing({ ...life, unhealthySince }, event.at);
    }

    case 'due': {
      if (!acceptsRequests(life)) return life;
      const { idle, max } = deadlines(life);
      if (max <= event.at) return { ...life, state: 'terminating', reason: 'max-lifetime' };
      if (idle !== null && idle <= event.at) {
        return { ...life, state: 'terminating', reason: 'idle-timeout' };
      }
      return life;
    }

    case 'end':
      if (life.state === 'terminating' || life.state === 'terminated') return life;
      return { ...life, state: 'terminating', reason: event.reason };

    case 'gone':
      return {
        ...life,
        state: 'terminated',
        reason: life.reason ?? (life.state === 'starting' ? 'start-failed' : 'crashed'),
      };
  }
}

/** True while the session accepts operations. */
export function acceptsRequests(life: SessionLife): boolean {
  return life.state === 'active' || life.state === 'idle';
}

/** Times at which the session ends by itself. `idle` is null unless the session is idle. */
export function deadlines(life: SessionLife): {
  readonly idle: number | null;
  readonly max: number;
} {
  return {
    idle: life.state === 'idle' ? life.idleSince + life.timeouts.idleTimeout : null,
    max: life.startedAt + life.timeouts.maxLifetime,
  };
}

function withCurrentState(life: SessionLife): SessionLife {
  return { ...life, state: life.requests > 0 || keepsAlive(life.ping) ? 'active' : 'idle' };
}

// An agent without a ping response is not busy. A missing response only starts the idle time, and
// the next busy response resets it.
function withoutPing(life: SessionLife, at: number): SessionLife {
  return withCurrentState({
    ...life,
    ping: null,
    idleSince: keepsAlive(life.ping) ? at : life.idleSince,
  });
}

// Measured on the live service, which differs from its documentation: HealthyBusy counts only with whole
// Unix seconds. Without them, or with an ISO string, the session times out as idle.
function keepsAlive(ping: PingAnswer | null): boolean {
  return ping?.status === 'HealthyBusy' && typeof ping.timeOfLastUpdate === 'number';
}

/** True if the agent reports HealthyBusy without the timestamp that keeps its session alive. */
export function isBusyWithoutTimestamp(ping: PingAnswer | null): ping is PingAnswer {
  return ping?.status === 'HealthyBusy' && !keepsAlive(ping);
}

function hasAdvanced(before: PingAnswer, now: PingAnswer): boolean {
  return (
    typeof before.timeOfLastUpdate === 'number' &&
    typeof now.timeOfLastUpdate === 'number' &&
    now.timeOfLastUpdate > before.timeOfLastUpdate
  );
}

/** Describes the deadline that a session has reached. */
export function describeReachedDeadlines(life: SessionLife, now: number): string {
  const { idleTimeout, maxLifetime } = life.timeouts;
  return deadlines(life).max <= now
    ? `Reached the maximum lifetime (${maxLifetime / 1000} s).`
    : `Reached the idle timeout (${idleTimeout / 1000} s).`;
}
