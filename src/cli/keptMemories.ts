import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { ImportError } from '../../emulator/services/memory/transfer/lines.ts';
import { StorageError } from '../../emulator/storage/storage.ts';
import { whereItServes } from '../core/emulator/runningEmulator.ts';
import { DATA_FOLDER, withoutToken } from '../shared/emulator.ts';
import type { ImportSummary } from '../shared/importSummary.ts';
import { TargetError } from './findTarget.ts';
import { createLogger } from './logger.ts';

/** The memories of a folder, by the emulator that holds it or, while none does, from the folder. */
export interface KeptMemories {
  /** Where they are, for whoever asked. */
  readonly place: string;
  /** Gives them as lines of JSON to `use`. */
  export(use: (lines: AsyncIterable<Uint8Array | string>) => Promise<void>): Promise<void>;
  import(lines: Readable): Promise<ImportSummary>;
}

/** Finds them: by an emulator's address, in a data folder, or in that of this folder or one above. */
export async function findMemories({
  endpoint,
  data,
}: {
  readonly endpoint?: string;
  readonly data?: string;
}): Promise<KeptMemories> {
  if (endpoint !== undefined) return served(endpoint.replace(/\/+$/, ''));
  const folder = resolve(data ?? dataFolderAbove(process.cwd()));
  const url = await whereItServes(folder);
  return url === null ? kept(folder) : served(url);
}

/** The nearest there is; else where an emulator of this folder would put it. */
function dataFolderAbove(folder: string): string {
  for (let current = folder; ; current = dirname(current)) {
    const candidate = join(current, DATA_FOLDER);
    if (existsSync(candidate)) return candidate;
    if (current === dirname(current)) return join(folder, DATA_FOLDER);
  }
}

function served(url: string): KeptMemories {
  const memories = `${url}/_emulator/memories`;

  // Node's own client: fetch gives up on an answer that takes five minutes, as large imports may.
  async function call(method: 'GET' | 'POST', body: Readable = Readable.from([])) {
    const sent = request(memories, { method });
    const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
    const [[response]] = await Promise.all([answered, pipeline(body, sent)]).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.syscall === 'connect') {
          throw new TargetError(
            `no emulator answers at ${withoutToken(url)} (${error.message}); start one with agentcore-emulator, or name another with --endpoint URL`,
          );
        }
        throw BROKEN_OFF.has(error.code) ? brokenOff(url) : error;
      },
    );
    if (response.statusCode === 200) return response;
    const { message } = JSON.parse(await text(response)) as { message: string };
    throw /^line \d+: /.test(message) ? new ImportError(message) : new TargetError(message);
  }

  return {
    place: `the emulator at ${withoutToken(url)}`,
    export: async (use) => use(whole(await call('GET'), url)),
    async import(lines) {
      const response = await call('POST', lines);
      return JSON.parse(await text(whole(response, url))) as ImportSummary;
    },
  };
}

/** The bytes of an answer, which an emulator may break off. */
async function* whole(body: AsyncIterable<Uint8Array>, url: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch {
    throw brokenOff(url);
  }
}

const BROKEN_OFF = new Set<string | undefined>([
  'ECONNRESET',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

function brokenOff(url: string): TargetError {
  return new TargetError(`the emulator at ${withoutToken(url)} broke off; its log may say why`);
}

function kept(folder: string): KeptMemories {
  const environment = {
    region: process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'],
    logger: createLogger('text'),
  };
  const load = () => import('../../emulator/keptMemories.ts');
  return {
    place: folder,
    async export(use) {
      if (!existsSync(join(folder, 'memory.db'))) {
        throw new StorageError(
          `nothing is remembered in ${folder}, and no emulator serves it; name another folder with --data DIR, or an emulator with --endpoint URL`,
        );
      }
      const { withKeptMemories } = await load();
      await withKeptMemories(folder, environment, async (memory) => use(await memory.export()));
    },
    async import(lines) {
      const { withKeptMemories } = await load();
      return withKeptMemories(folder, environment, (memory) => memory.import(lines));
    },
  };
}
