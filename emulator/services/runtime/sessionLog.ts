import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { LogLine } from '../../../src/shared/session.ts';

/** What a session printed: on disk for whoever asks, its end in memory for error messages. */
export interface SessionLog {
  add(line: LogLine): void;
  /** Its last lines, as a sentence to end an error message with. */
  quoteTail(): string;
  read(): Promise<LogLine[]>;
  close(): void;
}

/** The end of the output that is quoted, in lines and in characters. */
const TAIL_LINES = 40;
const TAIL_CHARACTERS = 16_000;

/** An agent that prints without end must not fill the disk. */
const MAX_FILE_BYTES = 10_000_000;

/** Bytes that wait in memory for a disk that is slower than the agent. */
const MAX_PENDING_BYTES = 2_000_000;

/** Keeps a session's output in a file of JSON lines. */
export function createSessionLog(file: string, warn: (problem: string) => void): SessionLog {
  const stream = createWriteStream(file, { flags: 'a' });
  // A full disk ends the record of the output, never the session.
  stream.once('error', (error) => {
    stream.on('error', () => {});
    warn(`its output is no longer recorded: ${error.message}`);
  });
  let tail: string[] = [];
  let tailLength = 0;
  let bytes = 0;
  let cut = false;
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
      // An agent's last words are its own.
      if (line.stream !== 'build') addToTail(line.text);
      if (cut) return;
      if (stream.writableLength > MAX_PENDING_BYTES) {
        dropped += 1;
        return;
      }
      if (dropped > 0) write({ ...line, text: `… ${dropped} lines dropped: the disk is too slow` });
      dropped = 0;
      if (bytes < MAX_FILE_BYTES) write(line);
      else {
        cut = true;
        write({ ...line, text: `… output beyond ${MAX_FILE_BYTES / 1e6} MB is not kept` });
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
      // A line may be a part of a much larger string that was read with it.
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
    // On a full disk the last line is incomplete, or there is no file.
  }
  return lines;
}
