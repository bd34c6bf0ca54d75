import { StorageError } from '../../storage/storage.ts';
import { memoryFile } from './memoryFile.ts';
import type { MemoryDependencies, MemoryService } from './service.ts';
import { toStoreError, fileIdentity, StoreError } from './storeErrors.ts';

/** The way to the memories of a data folder, also while their file cannot be used. */
export interface RecoveringStore {
  /** Rejects with a StoreFault where it is the file that stands in the way. */
  use<T>(work: (service: MemoryService) => T | Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Opens them with the first use: most emulators are never asked to remember. Whoever mends the file,
 * or moves it away, need not start the emulator anew.
 */
export function createRecoveringStore(
  dependencies: MemoryDependencies,
  onOpen: (service: MemoryService) => void,
): RecoveringStore {
  const file = memoryFile(dependencies.folder);
  let opening: Promise<MemoryService> | null = null;
  let damage: { readonly identity: string | null; readonly fault: StoreError } | null = null;
  let closing: Promise<void> = Promise.resolve();
  let told = '';

  /** What an error is, for whoever called; what befalls the file is logged, once until it changes. */
  function explain(error: unknown): unknown {
    const known = toStoreError(error, file) ?? error;
    if (!(known instanceof StorageError) || known.message === told) return known;
    dependencies.logger.error(known.message);
    told = known.message;
    return known;
  }

  async function open(): Promise<MemoryService> {
    const { openMemoryService } = await import('./service.ts');
    let service: MemoryService | null = null;
    service = openMemoryService(dependencies, (error) => report(error, service));
    try {
      if (damage) throw damage.fault;
      onOpen(service);
    } catch (error) {
      const fault = explain(error);
      // What cannot be written may yet be read.
      if (!isFault(fault) || fault.isDamage) {
        await service.close({ isDamaged: isFault(fault) });
        throw fault;
      }
    }
    return service;
  }

  async function opened(): Promise<MemoryService> {
    if (damage && damage.identity === fileIdentity(file)) throw damage.fault;
    damage = null;
    try {
      return await (opening ??= open());
    } catch (error) {
      opening = null;
      throw meet(error, null);
    }
  }

  /** The same; a damaged file is closed, and not opened again while it is the same. */
  function meet(error: unknown, service: MemoryService | null): unknown {
    const fault = explain(error);
    if (!isFault(fault) || !fault.isDamage || damage) return fault;
    damage = { identity: fileIdentity(file), fault };
    opening = null;
    // Whoever called does not wait for others who read.
    if (service) closing = service.close({ isDamaged: true }).catch(() => {});
    return fault;
  }

  /** What failed without anybody's call: there is but the log to tell it. */
  function report(error: unknown, service: MemoryService | null): void {
    if (meet(error, service) instanceof StorageError) return;
    dependencies.logger.error(`memories: ${(error as Error).stack}`);
  }

  return {
    async use(work) {
      const service = await opened();
      try {
        return await work(service);
      } catch (error) {
        throw meet(error, service);
      }
    },
    async close() {
      await closing;
      await (await opening?.catch(() => null))?.close();
    },
  };
}

function isFault(error: unknown): error is StoreError {
  return error instanceof StoreError;
}
