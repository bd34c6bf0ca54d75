import type { Socket } from 'node:net';

/**
 * Resolves with the reason when the user, the system or the program that started us wants us to end.
 * A killed program can say nothing, but the system closes its end of our standard input.
 */
export function untilAskedToEnd({ endWithStdin }: { endWithStdin: boolean }): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => resolve(signal));
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
