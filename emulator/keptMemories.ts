import type { Logger } from './log.ts';
import { createMemory, type MemoryLines } from './services/memory/memory.ts';
import { ACCOUNT, DEFAULT_REGION } from './place.ts';
import { openClock } from './storage/keptClock.ts';
import { openStorage } from './storage/storage.ts';

/** The memories of a data folder that no emulator holds; it is held for as long as `use` takes. */
export async function withKeptMemories<T>(
  dataFolder: string,
  { region = DEFAULT_REGION, logger }: { region?: string | undefined; logger: Logger },
  use: (memory: MemoryLines) => Promise<T>,
): Promise<T> {
  const storage = openStorage(dataFolder);
  const { clock, saveClock } = openClock(storage, logger);
  const memory = createMemory<never>(
    { folder: storage.folder, clock, region, account: ACCOUNT, logger },
    null,
  );
  try {
    return await use(memory);
  } finally {
    await memory.close();
    saveClock();
    clock.close();
    storage.close();
  }
}
