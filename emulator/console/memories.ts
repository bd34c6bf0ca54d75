import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ImportSummary } from '../../src/shared/emulator.ts';
import type { MemoryLines } from '../memory/memory.ts';
import { ImportError } from '../memory/transfer/lines.ts';
import { removeFolder } from '../storage/removal.ts';
import { invalid } from '../wire/errors.ts';

/** One record a line, each a JSON object. */
export const JSON_LINES = 'application/jsonl';

/** Answers with all that is remembered; whoever reads sets the pace. */
export async function sendMemories(
  memory: Pick<MemoryLines, 'export'>,
  response: ServerResponse,
): Promise<void> {
  const pieces = await memory.export();
  response.writeHead(200, { 'content-type': JSON_LINES, 'cache-control': 'no-store' });
  // What breaks off in between is seen by the reader: the answer has no end.
  await pipeline(Readable.from(pieces), response).catch(() => response.destroy());
}

/** Takes in what a request carries. It is read whole before anybody has to wait for it. */
export async function receiveMemories(
  memory: Pick<MemoryLines, 'import'>,
  request: Readable,
): Promise<ImportSummary> {
  const folder = await mkdtemp(join(tmpdir(), 'agentcore-import-'));
  try {
    const file = join(folder, 'lines');
    await pipeline(request, createWriteStream(file));
    return await memory.import(createReadStream(file));
  } catch (error) {
    throw error instanceof ImportError ? invalid(error.message) : error;
  } finally {
    await removeFolder(folder);
  }
}
