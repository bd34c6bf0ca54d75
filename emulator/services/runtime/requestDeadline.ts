import type { Cancel, Clock } from '../../clock.ts';
import type { Session } from './session.ts';

/** An operation in flight in a session: how long it may take, and how it ends. */
export interface RequestDeadline {
  /** Sets, or moves, the end of its time: so many seconds after its beginning. */
  setLimit(seconds: number, purpose: string): void;
  /** Ends it before it ends by itself; resolves when it has. */
  cancel(why: string): Promise<void>;
  /** Why it was cut; null where it was not. */
  reason(): string | null;
  /** Counts it out, with what became of it. */
  finish(outcome: string): void;
}

/** Takes off: the session has counted it in. `stop` is to bring about that it finishes. */
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
  readonly stop: (why: string) => void;
}): RequestDeadline {
  const finished = Promise.withResolvers<void>();
  let why: string | null = null;
  let cancel: Cancel = () => {};

  const flight: RequestDeadline = {
    setLimit(seconds, purpose) {
      cancel();
      if (seconds === Infinity) return;
      const over = `the ${formatDuration(seconds)} that AgentCore gives ${purpose} are over`;
      cancel = clock.at(since + seconds * 1000, () => flight.cancel(over));
    },
    async cancel(reason) {
      if (why === null) stop((why = reason));
      await finished.promise;
    },
    reason: () => why,
    finish(outcome) {
      cancel();
      session.finishRequest(requestId, why === null ? outcome : `cut off: ${why}`);
      finished.resolve();
    },
  };
  return flight;
}

function formatDuration(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} seconds`;
}
