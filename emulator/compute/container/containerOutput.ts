import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import type { OnOutputLine } from '../compute.ts';
import { readLines } from '../lines.ts';

/** What a container prints, in lines. */
export interface ContainerOutput {
  /** Begins to listen, or begins anew when the connection broke. */
  attach(): Promise<void>;
  /** Resolves when the output ends, the last line said. */
  ended(): Promise<void>;
  /** Whether its first lines, which say why a start fails, say this. */
  hasSaid(words: RegExp): boolean;
}

const REMEMBERED_LINES = 20;

/** Follows a container's output for as long as the engine gives it. */
export function followOutput(
  { modem }: Docker,
  container: Docker.Container,
  onLine: OnOutputLine,
): ContainerOutput {
  const first: string[] = [];
  let ended: Promise<void> = Promise.resolve();

  function follow(name: 'stdout' | 'stderr') {
    const input = new PassThrough();
    readLines(input, (text) => {
      if (first.length < REMEMBERED_LINES) first.push(text);
      onLine(name, text);
    });
    return { input, closed: new Promise<void>((resolve) => input.once('end', resolve)) };
  }

  return {
    async attach() {
      const stream = await container.attach({ stream: true, stdout: true, stderr: true });
      const [stdout, stderr] = [follow('stdout'), follow('stderr')];
      modem.demuxStream(stream, stdout.input, stderr.input);
      const over = new Promise<void>((resolve) => {
        // An engine that goes away breaks it off, which is an end like any other here.
        for (const event of ['end', 'close', 'error']) stream.once(event, () => resolve());
      });
      ended = over.then(async () => {
        stdout.input.end();
        stderr.input.end();
        await Promise.all([stdout.closed, stderr.closed]);
      });
    },
    ended: () => ended,
    hasSaid: (words) => first.some((line) => words.test(line)),
  };
}
