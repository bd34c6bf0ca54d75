import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

/** Two operating system pipes, with file descriptors for writing and streams for reading. */
export interface OutputPipes {
  readonly writeTo: readonly [stdout: number, stderr: number];
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Closes our copies of the write ends, after the child process has inherited them. */
  closeWriteEnds(): void;
  /** Closes the read ends if nothing will be written. */
  discard(): void;
}

/**
 * Opens real pipes. Node's own are sockets, which a script that writes to /dev/stderr cannot open.
 * The pipes are created in a folder, and their names are removed when this resolves.
 */
export async function openOutputPipes(inFolder: string): Promise<OutputPipes> {
  const folder = await mkdtemp(join(inFolder, 'pipes-'));
  try {
    const names = [join(folder, 'stdout'), join(folder, 'stderr')] as const;
    await promisify(execFile)('mkfifo', [...names]);
    // Open the read ends first, without waiting for a writer.
    const [stdout, stderr] = names.map((name) => {
      const fd = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
      return new Socket({ fd, readable: true, writable: false });
    });
    const writeTo = [openSync(names[0], 'w'), openSync(names[1], 'w')] as const;
    return {
      writeTo,
      stdout: stdout!,
      stderr: stderr!,
      closeWriteEnds: () => writeTo.forEach((fd) => closeSync(fd)),
      discard() {
        stdout!.destroy();
        stderr!.destroy();
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
