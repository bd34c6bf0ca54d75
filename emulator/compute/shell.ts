import type { Readable } from 'node:stream';

/**
 * Becomes a fresh bash that runs the command given as its first argument, or the system's own shell
 * where there is no bash. For `/bin/sh -c`.
 */
export const RUN_COMMAND = `
command -v bash >/dev/null 2>&1 && exec bash -c "$1"
exec /bin/sh -c "$1"
`;

/**
 * Becomes an interactive shell in the terminal that it is started in. For `/bin/sh -c`. First it says in
 * a line of its own by which number it is known, and which terminal that is.
 */
export const OPEN_SHELL = `
stty sane rows 24 cols 80 2>/dev/null
echo "$$ $(tty 2>/dev/null)"
command -v bash >/dev/null 2>&1 && exec bash
exec /bin/sh
`;

/** What the terminals of those who connect understand; all that there are understand it. */
export const TERMINAL_KIND = 'xterm-256color';

/** How long a shell has to end when its terminal is closed. */
export const HANG_UP_MILLISECONDS = 1_000;

/** Takes the first line off a stream, which is paused then; null where it ends before. */
export function takeFirstLine(stream: Readable): Promise<string | null> {
  return new Promise((resolve) => {
    let seen = Buffer.alloc(0);
    const look = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk]);
      const end = seen.indexOf('\n');
      if (end < 0) return;
      stream.off('data', look).off('end', over).pause();
      if (end + 1 < seen.length) stream.unshift(seen.subarray(end + 1));
      resolve(seen.toString('utf8', 0, end).trim());
    };
    const over = (): void => resolve(null);
    stream.on('data', look).once('end', over);
  });
}
