import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { ImportError, StorageError } from '../../emulator/index.ts';
import { whereItServes } from '../core/emulator/runningEmulator.ts';
import { DATA_FOLDER, withoutToken } from '../shared/emulator.ts';
import type { ImportSummary } from '../shared/importSummary.ts';
import { createLogger } from './logger.ts';
import { TargetError, unreachable } from './targetError.ts';

/** The memories of a data folder, reached through its emulator or, while none runs, in the folder. */
export interface MemoryFile {
  /** Names the place in messages. */
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
  const url = await whereItServes(folder);
  return url === null ? folderStore(folder) : emulatorStore(url);
}

/** Returns the data folder at or above a folder; without one, where an emulator would create it. */
function nearestDataFolder(folder: string): string {
  for (let current = folder; ; current = dirname(current)) {
    const candidate = join(current, DATA_FOLDER);
    if (existsSync(candidate)) return candidate;
    if (current === dirname(current)) return join(folder, DATA_FOLDER);
  }
}

function emulatorStore(url: string): MemoryFile {
  const memories = `${url}/_emulator/memories`;

  // Not fetch, which gives up after five minutes; large imports take longer.
  async function call(method: 'GET' | 'POST', body: Readable = Readable.from([])) {
    const sent = request(memories, { method });
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    const [[response]] = await Promise.all([answered, pipeline(body, sent)]).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.syscall === 'connect') throw unreachable(url, error.message);
        throw DISCONNECT_CODES.has(error.code) ? disconnected(url) : error;
      },
    );
    if (response.statusCode === 200) return response;
    const { message } = JSON.parse(await text(response)) as { message: string };
    throw /^line \d+: /.test(message) ? new ImportError(message) : new TargetError(message);
  }

  return {
    location: `the emulator at ${withoutToken(url)}`,
    export: async (write) => write(readBody(await call('GET'), url)),
    async import(lines) {
      const response = await call('POST', lines);
      return JSON.parse(await text(readBody(response, url))) as ImportSummary;
    },
  };
}

async function* readBody(body: AsyncIterable<Uint8Array>, url: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch {
    throw disconnected(url);
  }
}

const DISCONNECT_CODES = new Set<string | undefined>([
  'ECONNRESET',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

function disconnected(url: string): TargetError {
  return new TargetError(
    `The emulator at ${withoutToken(url)} closed the connection. See its log.`,
  );
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
          `There are no memories in ${folder}, and no emulator serves it. Name another folder with --data DIR, or an emulator with --endpoint URL.`,
        );
      }
      const { withKeptMemories } = await load();
      await withKeptMemories(folder, environment, async (memory) => write(await memory.export()));
    },
    async import(lines) {
      const { withKeptMemories } = await load();
      return withKeptMemories(folder, environment, (memory) => memory.import(lines));
    },
  };
}
