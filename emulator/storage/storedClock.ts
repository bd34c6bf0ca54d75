import type { ClockReading } from '../../src/shared/emulator.ts';
import { createClock, type VirtualClock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Storage } from './storage.ts';

/** The clock of a data folder, which continues at the next start. */
export interface StoredClock {
  readonly clock: VirtualClock;
  /** Stores the clock, so that it does not go back at the next start. */
  saveClock(): void;
  /** Makes the next start use real time. A running clock never goes back. */
  requestReset(): void;
  /** The clock as the admin API reports it. */
  read(): ClockReading;
}

/** Continues a data folder's clock where it was stored, or at real time after a reset. */
export function openClock(
  storage: Pick<Storage, 'read' | 'write' | 'remove'>,
  logger: Logger,
  reset = false,
): StoredClock {
  const isResetRequested = () => storage.read('clock.reset') !== undefined;
  if (reset || isResetRequested()) {
    for (const key of ['clock.offset', 'clock.latest', 'clock.reset']) storage.remove(key);
  }
  const clock = createClock({
    offset: Number(storage.read('clock.offset') ?? 0),
    notBefore: Number(storage.read('clock.latest') ?? 0),
    onError: (error) => logger.error(`A scheduled task failed: ${error.stack}`),
  });
  return {
    clock,
    saveClock() {
      try {
        storage.write('clock.offset', String(clock.offset()));
        storage.write('clock.latest', String(clock.now()));
      } catch (error) {
        // A full disk must not prevent the emulator from closing, or fail an advance that has happened.
        logger.error(`Could not save the clock: ${(error as Error).message}`);
      }
    },
    requestReset: () => storage.write('clock.reset', 'requested'),
    read: () => ({
      now: new Date(clock.now()).toISOString(),
      realNow: new Date(clock.realNow()).toISOString(),
      offsetSeconds: clock.offset() / 1000,
      resetsAtNextStart: isResetRequested(),
    }),
  };
}
