import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { LogLine } from '../../../src/shared/session.ts';

/** The output of a session. The whole output is on disk, its tail in memory for error messages. */
export interface SessionLog {
  add(line: LogLine): void;
  /** Quotes the last lines, in a form that can be appended to an error message. */
  quoteTail(): string;
  read(): Promise<LogLine[]>;
  close(): void;
}

/** Limits of the quoted tail. */
const TAIL_LINES = 40;
const TAIL_CHARACTERS = 16_000;

/** Keeps an agent that prints endlessly from filling the disk. */
const MAX_FILE_BYTES = 10_000_000;

/** Bytes that are buffered in memory while the disk is slower than the agent. */
const MAX_PENDING_BYTES = 2_000_000;

/** Records a session's output in a file of JSON Lines. */
export function createSessionLog(file: string, warn: (problem: string) => void): SessionLog {
  const stream = createWriteStream(file, { flags: 'a' });
  // A full disk stops the recording, not the session.
  stream.once('error', (error) => {
    stream.on('error', () => {});
    warn(`The output is no longer recorded: ${error.message}. Free some disk space.`);
  });
  let tail: string[] = [];
  let tailLength = 0;
  let bytes = 0;
  let isFull = false;
  let dropped = 0;

  function write(line: LogLine): void {
    const text = `${JSON.stringify(line)}\n`;
    bytes += text.length;
    stream.write(text);
  }

  function addToTail(text: string): void {
    tail.push(text.slice(-TAIL_CHARACTERS));
    tailLength += tail.at(-1)!.length;
    while (tail.length > TAIL_LINES || tailLength > TAIL_CHARACTERS) {
      tailLength -= tail.shift()!.length;
    }
  }

  return {
    add(line) {
      // Error messages quote the agent's own output only.
      if (line.stream !== 'build') addToTail(line.text);
      if (isFull) return;
      if (stream.writableLength > MAX_PENDING_BYTES) {
        dropped += 1;
        return;
      }
      if (dropped > 0) write({ ...line, text: `… ${dropped} lines dropped: the disk is too slow` });
      dropped = 0;
      if (bytes < MAX_FILE_BYTES) write(line);
      else {
        isFull = true;
        write({ ...line, text: `… output beyond ${MAX_FILE_BYTES / 1e6} MB is not recorded` });
      }
    },
    quoteTail: () =>
      tail.length > 0 ? ` Its last output:\n${tail.join('\n')}` : ' It printed nothing.',
    async read() {
      if (!stream.writableEnded && !stream.errored) {
        await new Promise((written) => stream.write('', written));
      }
      return readLines(file);
    },
    close() {
      stream.end();
      // Copy the tail, because a line may retain the much larger string that it was sliced from.
      tail = tail.length > 0 ? [Buffer.from(tail.join('\n')).toString()] : [];
    },
  };
}

async function readLines(file: string): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  try {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      lines.push(JSON.parse(line) as LogLine);
    }
  } catch {
    // On a full disk the last line may be incomplete or the file missing.
  }
  return lines;
}
