import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImportSummary } from '../../../../src/shared/importSummary.ts';
import type { Clock } from '../../../clock.ts';
import { openConnection } from '../database.ts';
import { memoryFile } from '../memoryFile.ts';
import type { ExtractionScheduler } from '../extraction/extractionScheduler.ts';
import { toStoreError } from '../storeErrors.ts';
import { exportLines } from './exportLines.ts';
import { importLines } from './importLines.ts';

/** Exports and imports the memories of a data folder while the emulator serves calls. */
export interface Transfer {
  /** Yields a snapshot of all memories, in chunks of many lines. */
  export(): AsyncGenerator<string>;
  import(lines: AsyncIterable<Uint8Array>): Promise<ImportSummary>;
  isImporting(): boolean;
  /** Resolves when no import runs or waits. Until then, no other call may write. */
  writable(): Promise<void>;
  /** Aborts imports, which then save nothing, and waits for exports to end. */
  close(): Promise<void>;
}

const CHUNK_CHARACTERS = 65_536;

/** Creates the transfer. Each export and import is one transaction on its own connection. */
export function createTransfer({
  folder,
  clock,
  extraction,
  memoryArn,
  report,
}: {
  folder: string;
  clock: Clock;
  extraction: Pick<ExtractionScheduler, 'runPaused' | 'scheduleSession'>;
  memoryArn: (id: string) => string;
  /** Receives the error of an export whose response has already started. */
  report: (error: unknown) => void;
}): Transfer {
  const abortController = new AbortController();
  /** Imports run one after another, because SQLite has one writer. */
  let lastImport: Promise<void> = Promise.resolve();
  let imports = 0;
  const exports = new Set<Promise<void>>();

  async function writable(): Promise<void> {
    while (imports > 0) await lastImport;
  }

  async function runImport(lines: AsyncIterable<Uint8Array>): Promise<ImportSummary> {
    // Calls that were accepted before run first.
    await nextTurn();
    const { signal } = abortController;
    signal.throwIfAborted();
    const connection = openConnection(folder, { readOnly: false });
    try {
      const result = await importLines(connection, lines, { now: clock.now(), memoryArn, signal });
      for (const location of result.sessionsToExtract) extraction.scheduleSession(location);
      return result.summary;
    } finally {
      connection.close();
    }
  }

  return {
    async *export() {
      const connection = openConnection(folder, { readOnly: true });
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      exports.add(ended);
      try {
        let chunk = '';
        for (const line of exportLines(connection, clock.now())) {
          chunk += line;
          if (chunk.length < CHUNK_CHARACTERS) continue;
          yield chunk;
          chunk = '';
          await nextTurn();
        }
        if (chunk !== '') yield chunk;
      } catch (error) {
        const storeError = toStoreError(error, memoryFile(folder)) ?? error;
        report(storeError);
        throw storeError;
      } finally {
        connection.close();
        exports.delete(ended);
        end();
      }
    },
    async import(lines) {
      imports += 1;
      const work = lastImport.then(() => extraction.runPaused(() => runImport(lines)));
      const finish = () => void (imports -= 1);
      lastImport = work.then(finish, finish);
      return work;
    },
    isImporting: () => imports > 0,
    writable,
    async close() {
      abortController.abort(new Error('The emulator is shutting down.'));
      await writable();
      // Their clients have disconnected, but their cleanup may still run.
      await Promise.all(exports);
    },
  };
}
