import type { Clock } from '../../clock.ts';
import type { PingAnswer, PingProblem } from './ping.ts';

/** Reads the ping of one agent, one reading at a time, so that answers are never out of order. */
export interface PingPolling {
  /** Reads the ping now; resolves when the reading has been reported. */
  read(): Promise<void>;
  stop(): void;
}

/** Reads a ping at an interval of real milliseconds, before each advance of the clock, and on demand. */
export function startPingPolling({
  clock,
  interval,
  ping,
  report,
}: {
  readonly clock: Pick<Clock, 'every' | 'beforeAdvance'>;
  readonly interval: number;
  readonly ping: () => Promise<PingAnswer | PingProblem>;
  readonly report: (reading: PingAnswer | PingProblem) => void;
}): PingPolling {
  let latest = Promise.resolve();
  let pending = 0;
  let isStopped = false;

  async function readNow(): Promise<void> {
    if (isStopped) return;
    const reading = await ping();
    if (!isStopped) report(reading);
  }

  function read(): Promise<void> {
    pending += 1;
    latest = latest.then(readNow).finally(() => (pending -= 1));
    return latest;
  }

  const cancelInterval = clock.every(interval, () => {
    // An agent that is slow to answer is not asked again before it has.
    if (pending === 0) void read();
  });
  // A change is observed at the time of its reading, so it must be read before time moves.
  const cancelPreparation = clock.beforeAdvance(read);

  return {
    read,
    stop() {
      isStopped = true;
      cancelInterval();
      cancelPreparation();
    },
  };
}
