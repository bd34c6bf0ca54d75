import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

/** Two pipes of the system: their ends to write to, by number, and to read from. */
export interface OutputPipes {
  readonly writeTo: readonly [stdout: number, stderr: number];
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** To be called when the ends to write to have been handed on: they are ours no more. */
  handedOn(): void;
  /** Closes the ends to read from, as nobody will write. */
  discard(): void;
}

/**
 * Real pipes: what Node makes are sockets, and a script that writes to /dev/stderr cannot open one.
 * They are made in a folder and have no name any more when this resolves.
 */
export async function openOutputPipes(inFolder: string): Promise<OutputPipes> {
  const folder = await mkdtemp(join(inFolder, 'pipes-'));
  try {
    const names = [join(folder, 'stdout'), join(folder, 'stderr')] as const;
    await promisify(execFile)('mkfifo', [...names]);
    // Opened first by who reads, without waiting for who writes.
    const [stdout, stderr] = names.map((name) => {
      const fd = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
      return new Socket({ fd, readable: true, writable: false });
    });
    const writeTo = [openSync(names[0], 'w'), openSync(names[1], 'w')] as const;
    return {
      writeTo,
      stdout: stdout!,
      stderr: stderr!,
      handedOn: () => writeTo.forEach((fd) => closeSync(fd)),
      discard() {
        stdout!.destroy();
        stderr!.destroy();
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
