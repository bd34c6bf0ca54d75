import type { Logger } from '../../log.ts';
import { createLazyMemory, type MemoryLines } from './lazyMemory.ts';
import { ACCOUNT, DEFAULT_REGION } from '../../awsDefaults.ts';
import { openClock } from '../../storage/storedClock.ts';
import { openStorage } from '../../storage/storage.ts';

/** Opens the memories of a data folder that no emulator uses. The folder is locked meanwhile. */
export async function withStoredMemories<T>(
  dataFolder: string,
  { region = DEFAULT_REGION, logger }: { region?: string | undefined; logger: Logger },
  use: (memory: MemoryLines) => Promise<T>,
): Promise<T> {
  const storage = openStorage(dataFolder);
  const { clock, saveClock } = openClock(storage, logger);
  const memory = createLazyMemory({
    folder: storage.folder,
    clock,
    region,
    account: ACCOUNT,
    logger,
  });
  try {
    return await use(memory);
  } finally {
    await memory.close();
    saveClock();
    clock.close();
    storage.close();
  }
}
