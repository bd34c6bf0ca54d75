import type { Socket } from 'node:net';
import { constants } from 'node:os';

/**
 * One Ctrl-C may come as several signals at once, from the terminal and from each program between
 * that passes it on. Who sends another after this time means it.
 */
const ONE_REQUEST_MILLISECONDS = 500;

/**
 * Resolves with the reason when the user, the system or the program that started us wants us to end.
 * A killed program can say nothing, but the system closes its end of our standard input. Whoever
 * asks by a signal a second time does not wait for the sessions any more.
 */
export function untilAskedToEnd({ endWithStdin }: { endWithStdin: boolean }): Promise<string> {
  return new Promise((resolve) => {
    let mayInsist = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (mayInsist) endAtOnce(signal);
        setTimeout(() => (mayInsist = true), ONE_REQUEST_MILLISECONDS).unref();
        resolve(signal);
      });
    }
    // It would be thrown otherwise, and leave the sessions behind.
    for (const stream of [process.stdout, process.stderr]) {
      stream.on('error', () => resolve('nobody reads the output any more'));
    }
    if (!endWithStdin) return;
    const closed = () => resolve('standard input is closed');
    process.stdin.on('end', closed).on('error', closed).resume();
    // Waiting for it must not keep alive what has nothing else to do. (A file cannot, and has no unref.)
    (process.stdin as Partial<Socket>).unref?.();
  });
}

function endAtOnce(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): never {
  process.stderr.write(
    `agentcore-emulator: ended at once by a second ${signal}; containers that are left are removed at the next start\n`,
  );
  process.exit(128 + constants.signals[signal]);
}
