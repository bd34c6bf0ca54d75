import type { Clock } from '../../clock.ts';
import type { PingAnswer, PingProblem } from './ping.ts';

/** Polls the ping of one agent. Readings never overlap, so they are reported in order. */
export interface PingPolling {
  /** Reads the ping now; resolves when the reading has been reported. */
  read(): Promise<void>;
  stop(): void;
}

/** Polls a ping at an interval in real milliseconds, before each clock advance, and on demand. */
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
    // Skip this poll while the agent has not answered the previous one.
    if (pending === 0) void read();
  });
  // A change counts from the time of its reading, so read it before the clock advances.
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
