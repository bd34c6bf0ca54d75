import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { ImportSummary } from '../../shared/importSummary.ts';
import { loadSchemas, parseAnswer } from './adminAnswers.ts';

/** The emulator rejected a transfer. The message is the emulator's. */
export class TransferRefused extends Error {}

/** The connection to the emulator could not be opened. */
export class EmulatorUnreachable extends Error {}

/** The connection closed before the transfer ended. */
export class TransferInterrupted extends Error {}

/** Streams an emulator's memories as JSON Lines. */
export async function exportMemories(url: string): Promise<AsyncIterable<Uint8Array>> {
  return readWhole(await call(url, 'GET'));
}

/** Imports JSON Lines into an emulator's memories, all or none. */
export async function importMemories(url: string, lines: Readable): Promise<ImportSummary> {
  const answer = await text(readWhole(await call(url, 'POST', lines)));
  const { adminAnswers } = await loadSchemas();
  return parseAnswer(adminAnswers.importMemories, JSON.parse(answer));
}

// Node's own client, because fetch times out after five minutes without a response, and large imports take
// longer.
async function call(
  url: string,
  method: 'GET' | 'POST',
  body: Readable = Readable.from([]),
): Promise<IncomingMessage> {
  const sent = request(`${url}/_emulator/memories`, { method });
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  const [[response]] = await Promise.all([answered, pipeline(body, sent)]).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.syscall === 'connect') throw new EmulatorUnreachable(error.message);
      throw INTERRUPTIONS.has(error.code) ? new TransferInterrupted() : error;
    },
  );
  if (response.statusCode === 200) return response;
  const { adminError } = await loadSchemas();
  throw new TransferRefused(parseAnswer(adminError, JSON.parse(await text(response))).message);
}

async function* readWhole(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch {
    throw new TransferInterrupted();
  }
}

const INTERRUPTIONS = new Set<string | undefined>([
  'ECONNRESET',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
]);
