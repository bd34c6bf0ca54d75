import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ImportSummary } from '../../../src/shared/importSummary.ts';
import type { Logger } from '../../log.ts';
import type { MemoryLines } from './lazyMemory.ts';
import { ImportError } from './transfer/lines.ts';
import { removeFolder } from '../../storage/removal.ts';
import { StorageError } from '../../storage/storage.ts';
import { localFailure, invalid } from '../../wire/errors.ts';

/** Media type of JSON Lines, with one JSON object a line. */
export const JSON_LINES = 'application/jsonl';

/** Streams all memories to the client with backpressure. */
export async function sendMemories(
  memory: Pick<MemoryLines, 'export'>,
  response: ServerResponse,
  logger: Logger,
): Promise<void> {
  let first: IteratorResult<string>;
  let chunks: AsyncIterator<string>;
  try {
    chunks = (await memory.export())[Symbol.asyncIterator]();
    first = await chunks.next();
  } catch (error) {
    throw toWireError(error);
  }
  response.writeHead(200, { 'content-type': JSON_LINES, 'cache-control': 'no-store' });
  async function* allChunks(): AsyncGenerator<string> {
    try {
      for (let chunk = first; !chunk.done; chunk = await chunks.next()) yield chunk.value;
    } finally {
      await chunks.return?.();
    }
  }
  await pipeline(allChunks(), response).catch((error: NodeJS.ErrnoException) => {
    // The client sees an incomplete body unless it disconnected itself.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE')
      logger.error(`Cannot finish the memory export: ${error.message}`);
    response.destroy();
  });
}

/** Bytes to import before other requests are served, which takes a few milliseconds. */
const CHUNK_BYTES = 16_384;

/** Imports a request body. Receives all of it first, so that other writes do not wait for the network. */
export async function receiveMemories(
  memory: Pick<MemoryLines, 'import'>,
  request: Readable,
): Promise<ImportSummary> {
  const folder = await mkdtemp(join(tmpdir(), 'agentcore-import-'));
  try {
    const file = join(folder, 'lines');
    await pipeline(request, createWriteStream(file));
    return await memory.import(createReadStream(file, { highWaterMark: CHUNK_BYTES }));
  } catch (error) {
    throw toWireError(error);
  } finally {
    await removeFolder(folder);
  }
}

function toWireError(error: unknown): unknown {
  if (error instanceof ImportError) return invalid(error.message);
  return error instanceof StorageError ? localFailure(error.message) : error;
}
