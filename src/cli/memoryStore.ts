import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { ImportError, StorageError } from '../../emulator/index.ts';
import {
  EmulatorUnreachable,
  exportMemories,
  importMemories,
  TransferInterrupted,
  TransferRefused,
} from '../core/emulatorClient/memoryTransfer.ts';
import { findEmulatorByDataFolder } from '../core/emulator/runningEmulator.ts';
import { DATA_FOLDER, withoutToken } from '../shared/emulator.ts';
import type { ImportSummary } from '../shared/importSummary.ts';
import { createLogger } from './logger.ts';
import { TargetError, unreachable } from './targetError.ts';

/** The memories of a data folder, accessed through its emulator or, if none is running, directly. */
export interface MemoryFile {
  /** The name of the source in messages. */
  readonly location: string;
  /** Passes all memories as JSON Lines to `write`. */
  export(write: (lines: AsyncIterable<Uint8Array | string>) => Promise<void>): Promise<void>;
  import(lines: Readable): Promise<ImportSummary>;
}

/** Finds the memories at an emulator's URL, in a data folder, or in the nearest data folder. */
export async function findMemoryStore({
  endpoint,
  data,
}: {
  readonly endpoint?: string | undefined;
  readonly data?: string | undefined;
}): Promise<MemoryFile> {
  if (endpoint !== undefined) return emulatorStore(endpoint);
  const folder = resolve(data ?? nearestDataFolder(process.cwd()));
  const url = await findEmulatorByDataFolder(folder);
  return url === null ? folderStore(folder) : emulatorStore(url);
}

/** Returns the data folder at or above a folder; without one, the path where an emulator would create it. */
function nearestDataFolder(folder: string): string {
  for (let current = folder; ; current = dirname(current)) {
    const candidate = join(current, DATA_FOLDER);
    if (existsSync(candidate)) return candidate;
    if (current === dirname(current)) return join(folder, DATA_FOLDER);
  }
}

function emulatorStore(url: string): MemoryFile {
  return {
    location: `the emulator at ${withoutToken(url)}`,
    async export(write) {
      try {
        await write(await exportMemories(url));
      } catch (error) {
        throw explain(error, url);
      }
    },
    async import(lines) {
      try {
        return await importMemories(url, lines);
      } catch (error) {
        throw explain(error, url);
      }
    },
  };
}

function explain(error: unknown, url: string): unknown {
  if (error instanceof EmulatorUnreachable) return unreachable(url, error.message);
  if (error instanceof TransferInterrupted) {
    return new TargetError(
      `The emulator at ${withoutToken(url)} closed the connection. See its log.`,
    );
  }
  if (!(error instanceof TransferRefused)) return error;
  const { message } = error;
  return /^line \d+: /i.test(message) ? new ImportError(message) : new TargetError(message);
}

function folderStore(folder: string): MemoryFile {
  const environment = {
    region: process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'],
    logger: createLogger('text'),
  };
  const load = () => import('../../emulator/index.ts');
  return {
    location: folder,
    async export(write) {
      if (!existsSync(join(folder, 'memory.db'))) {
        throw new StorageError(
          `There are no memories in ${folder}, and no emulator serves it. Pass another folder with --data DIR, or the URL of an emulator with --endpoint URL.`,
        );
      }
      const { withStoredMemories } = await load();
      await withStoredMemories(folder, environment, async (memory) => write(await memory.export()));
    },
    async import(lines) {
      const { withStoredMemories } = await load();
      return withStoredMemories(folder, environment, (memory) => memory.import(lines));
    },
  };
}
