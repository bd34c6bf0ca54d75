import type { Cancel, Clock } from '../../clock.ts';
import type { Session } from './session.ts';

/** The time limit of a request that is in flight in a session. */
export interface RequestDeadline {
  /** Sets or replaces the limit, in seconds since the start of the request. */
  setLimit(seconds: number, purpose: string): void;
  /** Cancels the request; resolves when it has finished. */
  cancelRequest(reason: string): Promise<void>;
  /** The reason for the cancellation; null if the request was not canceled. */
  reason(): string | null;
  /** Reports the end of the request to the session, with its outcome. */
  finish(outcome: string): void;
}

/**
 * Starts the deadline of a request that the session already counts. `stop` must make the request
 * finish.
 */
export function startRequestDeadline({
  clock,
  since,
  session,
  requestId,
  stop,
}: {
  readonly clock: Clock;
  readonly since: number;
  readonly session: Pick<Session, 'finishRequest'>;
  readonly requestId: string;
  readonly stop: (reason: string) => void;
}): RequestDeadline {
  const finished = Promise.withResolvers<void>();
  let cancelReason: string | null = null;
  let cancelTimer: Cancel = () => {};

  const deadline: RequestDeadline = {
    setLimit(seconds, purpose) {
      cancelTimer();
      if (seconds === Infinity) return;
      const exceeded = `exceeded AgentCore's limit of ${formatDuration(seconds)} for ${purpose}`;
      cancelTimer = clock.at(since + seconds * 1000, () => deadline.cancelRequest(exceeded));
    },
    async cancelRequest(reason) {
      if (cancelReason === null) stop((cancelReason = reason));
      await finished.promise;
    },
    reason: () => cancelReason,
    finish(outcome) {
      cancelTimer();
      session.finishRequest(
        requestId,
        cancelReason === null ? outcome : `Canceled: ${cancelReason}`,
      );
      finished.resolve();
    },
  };
  return deadline;
}

function formatDuration(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} seconds`;
}
