import type { EndReason, SessionState } from '../../../src/shared/session.ts';
import type { PingAnswer } from './ping.ts';

/** What AWS calls idleRuntimeSessionTimeout and maxLifetime, in milliseconds. */
export interface SessionTimeouts {
  readonly idleTimeout: number;
  readonly maxLifetime: number;
}

/** Everything that decides how long a session lives. A value: `next` makes a new one. */
export interface SessionLife {
  readonly state: SessionState;
  readonly reason: EndReason | null;
  readonly timeouts: SessionTimeouts;
  readonly startedAt: number;
  readonly lastActivityAt: number;
  /** Operations in flight. */
  readonly requests: number;
  /** What the agent last said; null while it says nothing healthy. */
  readonly ping: PingAnswer | null;
  /** Since when the agent has said that it is unhealthy, without a healthy answer between. */
  readonly unhealthySince: number | null;
  /** Since when nothing has happened: the end of the last operation or the last change of ping. */
  readonly idleSince: number;
}

/** What can happen to a session; `at` is the virtual moment. */
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

/** How long an agent may say that it is unhealthy: AWS stops it, and does not say after how long. */
const UNHEALTHY_MILLISECONDS = 10_000;

/** An event that cannot come in this state: a bug of ours, never of the user. */
export class IllegalTransition extends Error {
  constructor(state: SessionState, event: LifecycleEvent['type']) {
    super(`a session that is ${state} cannot take the event '${event}'`);
  }
}

/** A session begins with the operation that needed it, so it starts with one request in flight. */
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

/** The whole life cycle of a session, as AgentCore was measured to keep it. */
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

/** Whether the session takes operations. */
export function acceptsRequests(life: SessionLife): boolean {
  return life.state === 'active' || life.state === 'idle';
}

/** When the session ends by itself; idle is null while it is busy or has no compute to idle. */
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

// Who does not say that it is busy is not. A single answer that is missing ends nothing: the idle
// time begins with it, and the next busy answer takes it back.
function withoutPing(life: SessionLife, at: number): SessionLife {
  return withCurrentState({
    ...life,
    ping: null,
    idleSince: keepsAlive(life.ping) ? at : life.idleSince,
  });
}

// Measured on the live service, against its documentation: HealthyBusy counts only together with
// whole Unix seconds; without them, or with an ISO string, the session is killed as if idle.
function keepsAlive(ping: PingAnswer | null): boolean {
  return ping?.status === 'HealthyBusy' && typeof ping.timeOfLastUpdate === 'number';
}

/** Whether the agent says that it is busy in a way that does not keep its session alive. */
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

/** Which of its deadlines a life has met. */
export function describeReachedDeadlines(life: SessionLife, now: number): string {
  const { idleTimeout, maxLifetime } = life.timeouts;
  return deadlines(life).max <= now
    ? `it has lived for ${maxLifetime / 1000} s, which is its longest`
    : `it has been idle for ${idleTimeout / 1000} s`;
}
