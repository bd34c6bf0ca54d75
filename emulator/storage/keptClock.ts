import { createClock, type VirtualClock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Storage } from './storage.ts';

/** The clock of a data folder. */
export interface KeptClock {
  readonly clock: VirtualClock;
  /** Writes down where it stands: it never goes back, not from run to run either. */
  saveClock(): void;
}

/** Goes on with a data folder's clock where it was last written down. */
export function openClock(storage: Pick<Storage, 'read' | 'write'>, logger: Logger): KeptClock {
  const clock = createClock({
    offset: Number(storage.read('clock.offset') ?? 0),
    notBefore: Number(storage.read('clock.latest') ?? 0),
    onError: (error) => logger.error(`what fell due: ${error.stack}`),
  });
  return {
    clock,
    saveClock() {
      try {
        storage.write('clock.offset', String(clock.offset()));
        storage.write('clock.latest', String(clock.now()));
      } catch (error) {
        // A full disk is no reason not to end, or to call off what an advance has done.
        logger.error(`the clock cannot be written down: ${(error as Error).message}`);
      }
    },
  };
}
