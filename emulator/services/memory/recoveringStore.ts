import { StorageError } from '../../storage/storage.ts';
import { memoryFile } from './memoryFile.ts';
import type { MemoryDependencies, OpenMemory } from './openMemory.ts';
import { toStoreError, fileIdentity, StoreError } from './storeErrors.ts';

/** Gives access to the memory service of a data folder and recovers from errors of its file. */
export interface RecoveringStore {
  /** Runs `work` with the service. Rejects with a StoreError when the file cannot be used. */
  use<T>(work: (service: OpenMemory) => T | Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Creates a store that opens its file on first use, because most emulators never need it. Recovers
 * without a restart when a damaged file is replaced or removed.
 */
export function createRecoveringStore(
  dependencies: MemoryDependencies,
  onOpen: (service: OpenMemory) => void,
): RecoveringStore {
  const file = memoryFile(dependencies.folder);
  let opening: Promise<OpenMemory> | null = null;
  let damage: { readonly identity: string | null; readonly error: StoreError } | null = null;
  let closing: Promise<void> = Promise.resolve();
  let lastLogged = '';

  /** Converts an error to a StoreError when the file caused it. Logs it unless it is the last one logged. */
  function logStoreError(error: unknown): unknown {
    const storeError = toStoreError(error, file) ?? error;
    if (!(storeError instanceof StorageError) || storeError.message === lastLogged)
      return storeError;
    dependencies.logger.error(storeError.message);
    lastLogged = storeError.message;
    return storeError;
  }

  async function open(): Promise<OpenMemory> {
    const { openMemory } = await import('./openMemory.ts');
    let service: OpenMemory | null = null;
    service = openMemory(dependencies, (error) => reportError(error, service));
    try {
      if (damage) throw damage.error;
      onOpen(service);
    } catch (error) {
      const storeError = logStoreError(error);
      // A file that cannot be written may still be readable.
      if (!isStoreError(storeError) || storeError.isDamage) {
        await service.close({ isDamaged: isStoreError(storeError) });
        throw storeError;
      }
    }
    return service;
  }

  async function openOnce(): Promise<OpenMemory> {
    if (damage && damage.identity === fileIdentity(file)) throw damage.error;
    damage = null;
    try {
      return await (opening ??= open());
    } catch (error) {
      opening = null;
      throw handleError(error, null);
    }
  }

  /** Also closes a damaged file, which stays closed until the file changes. */
  function handleError(error: unknown, service: OpenMemory | null): unknown {
    const storeError = logStoreError(error);
    if (!isStoreError(storeError) || !storeError.isDamage || damage) return storeError;
    damage = { identity: fileIdentity(file), error: storeError };
    opening = null;
    // The caller does not wait until other readers finish.
    if (service) closing = service.close({ isDamaged: true }).catch(() => {});
    return storeError;
  }

  /** Logs an error of a background task, which has no caller to reject. */
  function reportError(error: unknown, service: OpenMemory | null): void {
    if (handleError(error, service) instanceof StorageError) return;
    dependencies.logger.error(`A memory background task failed: ${(error as Error).stack}`);
  }

  return {
    async use(work) {
      const service = await openOnce();
      try {
        return await work(service);
      } catch (error) {
        throw handleError(error, service);
      }
    },
    async close() {
      await closing;
      await (await opening?.catch(() => null))?.close();
    },
  };
}

function isStoreError(error: unknown): error is StoreError {
  return error instanceof StoreError;
}
