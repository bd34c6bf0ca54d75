import type { Lifecycle } from '../../shared/targets.ts';
import type { SessionReading } from '../chat/session/reading.ts';
import type { ChatActivity } from '../chat/session/sessionWatch.ts';
import {
  DEFAULT_LIFECYCLE,
  estimateEnd,
  estimateSession,
  type ObservedRun,
} from './sessionEstimate.ts';

/** A session whose state is reckoned, for want of somebody who tells it. */
export interface EstimatedSession {
  /** It was stopped by our own wish. */
  markStopped(): void;
  /** The lifecycle is known better now. */
  refresh(): void;
  close(): void;
}

/** What a session is reckoned by. */
export interface EstimatedSessionOptions {
  readonly own: ChatActivity;
  readonly now: () => number;
  /** Null where it is not known: then AWS's defaults are what is likely. */
  readonly lifecycle: () => Lifecycle | null;
  readonly onReading: (reading: SessionReading) => void;
}

/** Follows a session by nothing but the turns that are had in it. */
export function createEstimatedSession(options: EstimatedSessionOptions): EstimatedSession {
  const { own, now, lifecycle, onReading } = options;
  const { runStartedAt, lastActivityAt } = own;
  const since = runStartedAt === null ? null : Date.parse(runStartedAt);
  let lives: readonly ObservedRun[] =
    since === null
      ? []
      : [
          {
            startedAt: since,
            lastActivityAt: lastActivityAt ?? since,
            isBusy: false,
            isStopped: false,
          },
        ];
  // As they were before the turn.
  let before = lives;
  let timer: NodeJS.Timeout | undefined;

  function change(last: Partial<ObservedRun>): void {
    const whole = lives.at(-1);
    if (whole) lives = [...lives.slice(0, -1), { ...whole, ...last }];
    tell();
  }

  function tell(): void {
    const reading = estimateSession(lives, lifecycle(), now());
    clearTimeout(timer);
    const { state, idleDeadline, maxDeadline } = reading.runs.at(-1) ?? {};
    if (state === 'idle') {
      const deadline = Math.min(Date.parse(idleDeadline!), Date.parse(maxDeadline!));
      timer = setTimeout(tell, Math.min(deadline - now() + 1, LONGEST_TIMER)).unref();
    }
    onReading(reading);
  }

  own.onTurn((phase) => {
    const at = now();
    const last = lives.at(-1);
    switch (phase) {
      case 'comes':
        return tell();
      case 'begins':
        before = lives;
        if (!last || estimateEnd(last, lifecycle() ?? DEFAULT_LIFECYCLE, at) !== null) {
          lives = [...lives, { startedAt: at, lastActivityAt: at, isBusy: true, isStopped: false }];
        }
        return change({ isBusy: true, lastActivityAt: at });
      case 'ended':
        return change({ isBusy: false, lastActivityAt: at });
      case 'refused':
        lives = before;
        return tell();
    }
  });
  tell();

  return {
    markStopped: () => change({ isStopped: true, isBusy: false }),
    refresh: tell,
    close: () => clearTimeout(timer),
  };
}

/** What a timer can wait for; after that it looks again. */
const LONGEST_TIMER = 2 ** 31 - 1;
