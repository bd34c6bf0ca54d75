import type { Socket } from 'node:net';
import { constants } from 'node:os';

/** Ctrl-C may arrive as several signals at once: from the terminal, and from programs that pass it on. */
const ONE_REQUEST_MILLISECONDS = 500;

/**
 * Resolves with the reason when the user, the system or the parent program asks this process to end.
 * A killed parent cannot send a signal, but the system closes its end of standard input. A second signal ends
 * the process immediately, without waiting for sessions.
 */
export function waitForShutdown({ endWithStdin }: { endWithStdin: boolean }): Promise<string> {
  return new Promise((resolve) => {
    let isRepeatable = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (isRepeatable) exitNow(signal);
        setTimeout(() => (isRepeatable = true), ONE_REQUEST_MILLISECONDS).unref();
        resolve(signal);
      });
    }
    // An unhandled error event would crash the process and leave sessions running.
    for (const stream of [process.stdout, process.stderr]) {
      stream.on('error', () => resolve('the output was closed'));
    }
    if (!endWithStdin) return;
    const onClosed = () => resolve('standard input was closed');
    process.stdin.on('end', onClosed).on('error', onClosed).resume();
    // Standard input alone must not keep the process alive. A file does not, and has no unref.
    (process.stdin as Partial<Socket>).unref?.();
  });
}

function exitNow(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): never {
  process.stderr.write(
    `agentcore-emulator: Ended immediately by a second ${signal}. The next start removes any remaining containers.\n`,
  );
  process.exit(128 + constants.signals[signal]);
}
