import type { Lifecycle } from '../../shared/targets.ts';
import type { SessionReading } from '../chat/session/reading.ts';
import type { OwnTurns } from '../chat/session/sessionWatch.ts';
import { DEFAULT_LIFECYCLE, endOf, reckon, type SeenLife } from './reckoning.ts';

/** A session whose state is reckoned, for want of somebody who tells it. */
export interface ReckonedSession {
  /** It was stopped by our own wish. */
  stopped(): void;
  /** The lifecycle is known better now. */
  refresh(): void;
  end(): void;
}

/** What a session is reckoned by. */
export interface ReckonedSessionOptions {
  readonly own: OwnTurns;
  readonly now: () => number;
  /** Null where it is not known: then AWS's defaults are what is likely. */
  readonly lifecycle: () => Lifecycle | null;
  readonly onReading: (reading: SessionReading) => void;
}

/** Follows a session by nothing but the turns that are had in it. */
export function followOwnTurns(options: ReckonedSessionOptions): ReckonedSession {
  const { own, now, lifecycle, onReading } = options;
  const { life, lastAt } = own;
  const since = life === null ? null : Date.parse(life);
  let lives: readonly SeenLife[] =
    since === null
      ? []
      : [{ startedAt: since, lastAt: lastAt ?? since, isBusy: false, isStopped: false }];
  // As they were before the turn.
  let before = lives;
  let timer: NodeJS.Timeout | undefined;

  function change(last: Partial<SeenLife>): void {
    const whole = lives.at(-1);
    if (whole) lives = [...lives.slice(0, -1), { ...whole, ...last }];
    tell();
  }

  function tell(): void {
    const reading = reckon(lives, lifecycle(), now());
    clearTimeout(timer);
    const { state, idleDeadline, maxDeadline } = reading.lives.at(-1) ?? {};
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
        if (!last || endOf(last, lifecycle() ?? DEFAULT_LIFECYCLE, at) !== null) {
          lives = [...lives, { startedAt: at, lastAt: at, isBusy: true, isStopped: false }];
        }
        return change({ isBusy: true, lastAt: at });
      case 'ended':
        return change({ isBusy: false, lastAt: at });
      case 'refused':
        lives = before;
        return tell();
    }
  });
  tell();

  return {
    stopped: () => change({ isStopped: true, isBusy: false }),
    refresh: tell,
    end: () => clearTimeout(timer),
  };
}

/** What a timer can wait for; after that it looks again. */
const LONGEST_TIMER = 2 ** 31 - 1;
