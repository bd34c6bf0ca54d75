import type { Readable } from 'node:stream';

/**
 * Script for `/bin/sh -c` that runs its first argument in a fresh bash, or in sh where there is no bash.
 */
export const RUN_COMMAND = `
command -v bash >/dev/null 2>&1 && exec bash -c "$1"
exec /bin/sh -c "$1"
`;

/**
 * Script for `/bin/sh -c` that starts an interactive shell in its terminal. Its first line of output
 * is the process ID and the terminal's name.
 */
export const OPEN_SHELL = `
stty sane rows 24 cols 80 2>/dev/null
echo "$$ $(tty 2>/dev/null)"
command -v bash >/dev/null 2>&1 && exec bash
exec /bin/sh
`;

/** The terminal type, which all clients support. */
export const TERMINAL_KIND = 'xterm-256color';

/** Time for a shell to end after its terminal has closed. */
export const HANG_UP_MILLISECONDS = 1_000;

/** Reads the first line of a stream and pauses it; null if the stream ends before. */
export function readFirstLine(stream: Readable): Promise<string | null> {
  return new Promise((resolve) => {
    let seen = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk]);
      const end = seen.indexOf('\n');
      if (end < 0) return;
      stream.off('data', onData).off('end', over).pause();
      if (end + 1 < seen.length) stream.unshift(seen.subarray(end + 1));
      resolve(seen.toString('utf8', 0, end).trim());
    };
    const over = (): void => resolve(null);
    stream.on('data', onData).once('end', over);
  });
}
