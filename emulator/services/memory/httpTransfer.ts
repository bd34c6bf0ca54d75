import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ImportSummary } from '../../../src/shared/importSummary.ts';
import type { Logger } from '../../log.ts';
import type { MemoryLines } from './memory.ts';
import { ImportError } from './transfer/lines.ts';
import { removeFolder } from '../../storage/removal.ts';
import { StorageError } from '../../storage/storage.ts';
import { hindered, invalid } from '../../wire/errors.ts';

/** JSON Lines: one record a line, each a JSON object. */
export const JSON_LINES = 'application/jsonl';

/** Responds with all memories, as fast as the client reads. */
export async function sendMemories(
  memory: Pick<MemoryLines, 'export'>,
  response: ServerResponse,
  logger: Logger,
): Promise<void> {
  let first: IteratorResult<string>;
  let pieces: AsyncIterator<string>;
  try {
    pieces = (await memory.export())[Symbol.asyncIterator]();
    first = await pieces.next();
  } catch (error) {
    throw toWireError(error);
  }
  response.writeHead(200, { 'content-type': JSON_LINES, 'cache-control': 'no-store' });
  async function* all(): AsyncGenerator<string> {
    try {
      for (let piece = first; !piece.done; piece = await pieces.next()) yield piece.value;
    } finally {
      await pieces.return?.();
    }
  }
  await pipeline(all(), response).catch((error: NodeJS.ErrnoException) => {
    // A client that disconnected does not want the rest; any other sees that the body is incomplete.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') logger.error(`an export: ${error.message}`);
    response.destroy();
  });
}

/** Bytes that are imported before other requests have their turn: some milliseconds' work. */
const PIECE_BYTES = 16_384;

/** Imports a request's body. It is received whole first, so that no other write waits for the network. */
export async function receiveMemories(
  memory: Pick<MemoryLines, 'import'>,
  request: Readable,
): Promise<ImportSummary> {
  const folder = await mkdtemp(join(tmpdir(), 'agentcore-import-'));
  try {
    const file = join(folder, 'lines');
    await pipeline(request, createWriteStream(file));
    return await memory.import(createReadStream(file, { highWaterMark: PIECE_BYTES }));
  } catch (error) {
    throw toWireError(error);
  } finally {
    await removeFolder(folder);
  }
}

function toWireError(error: unknown): unknown {
  if (error instanceof ImportError) return invalid(error.message);
  return error instanceof StorageError ? hindered(error.message) : error;
}
