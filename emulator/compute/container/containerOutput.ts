import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import type { OnOutputLine } from '../compute.ts';
import { readLines } from '../lines.ts';

/** The output of a container, in lines. */
export interface ContainerOutput {
  /** Attaches to the container; can be repeated after the connection broke. */
  attach(): Promise<void>;
  /** Resolves when the output has ended and the last line was passed on. */
  ended(): Promise<void>;
  /** True if one of the first lines, which explain failed starts, matches. */
  hasPrinted(pattern: RegExp): boolean;
}

const REMEMBERED_LINES = 20;

/** Follows a container's output until the engine ends it. */
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
        // A lost connection to the engine also counts as the end.
        for (const event of ['end', 'close', 'error']) stream.once(event, () => resolve());
      });
      ended = over.then(async () => {
        stdout.input.end();
        stderr.input.end();
        await Promise.all([stdout.closed, stderr.closed]);
      });
    },
    ended: () => ended,
    hasPrinted: (pattern) => first.some((line) => pattern.test(line)),
  };
}
