import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ImportSummary } from '../../src/shared/importSummary.ts';
import type { Logger } from '../log.ts';
import type { MemoryLines } from '../services/memory/memory.ts';
import { ImportError } from '../services/memory/transfer/lines.ts';
import { removeFolder } from '../storage/removal.ts';
import { StorageError } from '../storage/storage.ts';
import { hindered, invalid } from '../wire/errors.ts';

/** One record a line, each a JSON object. */
export const JSON_LINES = 'application/jsonl';

/** Answers with all that is remembered; whoever reads sets the pace. */
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
    throw asRefusal(error);
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
    // Whoever does not want the rest has gone; whoever does sees that the answer has no end.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') logger.error(`an export: ${error.message}`);
    response.destroy();
  });
}

/** So much is taken in at a time, some milliseconds' work, before other requests have their turn. */
const PIECE_BYTES = 16_384;

/** Takes in what a request carries. It is read whole before anybody has to wait for it. */
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
    throw asRefusal(error);
  } finally {
    await removeFolder(folder);
  }
}

function asRefusal(error: unknown): unknown {
  if (error instanceof ImportError) return invalid(error.message);
  return error instanceof StorageError ? hindered(error.message) : error;
}
