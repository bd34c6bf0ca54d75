import {
  initialLife,
  next,
  type SessionLife,
  type LifecycleEvent,
} from '../../../../emulator/services/runtime/lifecycle.ts';
import type { PingAnswer } from '../../../../emulator/services/runtime/ping.ts';

/** AgentCore's default timeouts. */
export const limits = { idleTimeout: 900_000, maxLifetime: 28_800_000 };

const healthy: PingAnswer = { status: 'Healthy', timeOfLastUpdate: null };
/** The state of a session that started at time 0, after these events. */
export const after = (...events: LifecycleEvent[]): SessionLife =>
  events.reduce(next, initialLife(0, limits));

// Life-cycle events at a given time.
export const ready = (at: number, answer = healthy): LifecycleEvent => ({
  type: 'ready',
  at,
  answer,
});
export const began = (at: number): LifecycleEvent => ({ type: 'request-began', at });
export const ended = (at: number): LifecycleEvent => ({ type: 'request-ended', at });
export const due = (at: number): LifecycleEvent => ({ type: 'due', at });
export const unanswered = (at: number): LifecycleEvent => ({ type: 'ping-unanswered', at });
export const unhealthy = (at: number): LifecycleEvent => ({ type: 'ping-unhealthy', at });
export const pinged = (
  at: number,
  status: PingAnswer['status'],
  timeOfLastUpdate: PingAnswer['timeOfLastUpdate'] = null,
): LifecycleEvent => ({ type: 'pinged', at, answer: { status, timeOfLastUpdate } });
export const stopped = (at: number): LifecycleEvent => ({ type: 'end', at, reason: 'stopped' });
export const gone = (at: number): LifecycleEvent => ({ type: 'gone', at });
