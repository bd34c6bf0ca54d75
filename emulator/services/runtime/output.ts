import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { LogLine } from '../../../src/shared/session.ts';

/** What a session printed: on disk for whoever asks, its end in memory for error messages. */
export interface Output {
  add(line: LogLine): void;
  /** Its last lines, as a sentence to end an error message with. */
  quote(): string;
  read(): Promise<LogLine[]>;
  close(): void;
}

const TAIL_LINES = 40;

/** An agent that prints without end must not fill the disk. */
const KEPT_BYTES = 10_000_000;

/** Keeps a session's output in a file of JSON lines. */
export function createOutput(file: string, warn: (problem: string) => void): Output {
  const stream = createWriteStream(file, { flags: 'a' });
  // A full disk ends the record of the output, never the session.
  stream.once('error', (error) => {
    stream.on('error', () => {});
    warn(`its output is no longer recorded: ${error.message}`);
  });
  const tail: string[] = [];
  let bytes = 0;
  let cut = false;

  function write(line: LogLine): void {
    const text = `${JSON.stringify(line)}\n`;
    bytes += text.length;
    stream.write(text);
  }

  return {
    add(line) {
      // An agent's last words are its own.
      if (line.stream !== 'build') tail.push(line.text);
      if (tail.length > TAIL_LINES) tail.shift();
      if (bytes < KEPT_BYTES) write(line);
      else if (!cut) {
        cut = true;
        write({ ...line, text: `… output beyond ${KEPT_BYTES / 1e6} MB is not kept` });
      }
    },
    quote: () =>
      tail.length > 0 ? ` Its last output:\n${tail.join('\n')}` : ' It printed nothing.',
    async read() {
      if (!stream.writableEnded && !stream.errored) {
        await new Promise((written) => stream.write('', written));
      }
      return readLines(file);
    },
    close: () => void stream.end(),
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
