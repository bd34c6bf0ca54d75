import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImportSummary } from '../../../../src/shared/importSummary.ts';
import type { Clock } from '../../../clock.ts';
import { openConnection } from '../database.ts';
import { memoryFile } from '../memoryFile.ts';
import type { ExtractionScheduler } from '../extraction/extractionScheduler.ts';
import { toStoreError } from '../storeErrors.ts';
import { exportLines } from './exportLines.ts';
import { importLines } from './importLines.ts';

/** Takes memories out of a data folder and into it, while calls go on. */
export interface Transfer {
  /** As they are at the moment of the first line; in pieces of many lines. */
  export(): AsyncGenerator<string>;
  import(lines: AsyncIterable<Uint8Array>): Promise<ImportSummary>;
  isImporting(): boolean;
  /** Resolves when no import is going on or waits: until then nobody else may write. */
  writable(): Promise<void>;
  /** Ends imports that are going on or wait, of which nothing is kept, and waits for exports to end. */
  close(): Promise<void>;
}

const PIECE_LETTERS = 65_536;

/** Both ways have a connection of their own: what they see and do is one transaction. */
export function createTransfer({
  folder,
  clock,
  extraction,
  arnOf,
  report,
}: {
  folder: string;
  clock: Clock;
  extraction: Pick<ExtractionScheduler, 'pauseFor' | 'expect'>;
  arnOf: (id: string) => string;
  /** Is told what breaks an export off: its call has been answered by then. */
  report: (error: unknown) => void;
}): Transfer {
  const ended = new AbortController();
  /** Imports go one after the other: SQLite has one writer. */
  let lastImport: Promise<void> = Promise.resolve();
  let imports = 0;
  const exporting = new Set<Promise<void>>();

  async function writable(): Promise<void> {
    while (imports > 0) await lastImport;
  }

  async function takeIn(lines: AsyncIterable<Uint8Array>): Promise<ImportSummary> {
    // Calls that were let in before are done first.
    await nextTurn();
    const { signal } = ended;
    signal.throwIfAborted();
    const connection = openConnection(folder, { readOnly: false });
    try {
      const taken = await importLines(connection, lines, { now: clock.now(), arnOf, signal });
      for (const conversation of taken.toExtract) extraction.expect(conversation);
      return taken.summary;
    } finally {
      connection.close();
    }
  }

  return {
    async *export() {
      const connection = openConnection(folder, { readOnly: true });
      const { promise: over, resolve: isOver } = Promise.withResolvers<void>();
      exporting.add(over);
      try {
        let piece = '';
        for (const line of exportLines(connection, clock.now())) {
          piece += line;
          if (piece.length < PIECE_LETTERS) continue;
          yield piece;
          piece = '';
          await nextTurn();
        }
        if (piece !== '') yield piece;
      } catch (error) {
        const told = toStoreError(error, memoryFile(folder)) ?? error;
        report(told);
        throw told;
      } finally {
        connection.close();
        exporting.delete(over);
        isOver();
      }
    },
    async import(lines) {
      imports += 1;
      const work = lastImport.then(() => extraction.pauseFor(() => takeIn(lines)));
      const isDone = () => void (imports -= 1);
      lastImport = work.then(isDone, isDone);
      return work;
    },
    isImporting: () => imports > 0,
    writable,
    async close() {
      ended.abort(new Error('the emulator is being ended'));
      await writable();
      // Nobody reads them any more, but they may not have heard it yet.
      await Promise.all(exporting);
    },
  };
}
