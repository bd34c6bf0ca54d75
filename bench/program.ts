import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';

/** A running Node program. */
export interface Program {
  /** Milliseconds from the start to the first line of output. */
  readonly startTime: number;
  readonly firstLine: string;
  /** Resident memory in megabytes. */
  memory(): Promise<number>;
  end(): Promise<void>;
}

/** Reports the program's memory on request, for systems without /proc. */
const MEMORY_REPORTER = `data:text/javascript,${encodeURIComponent(
  `process.on('message', () => process.send(process.memoryUsage.rss())); process.channel.unref();`,
)}`;

const linux = process.platform === 'linux';

/** Starts a Node program and waits for its first line of output. */
export async function startProgram(args: readonly string[]): Promise<Program> {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [...(linux ? [] : ['--import', MEMORY_REPORTER]), ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe', ...(linux ? [] : ['ipc' as const])],
    },
  );
  const exited = once(child, 'close');
  let stderr = '';
  child.stderr!.on('data', (chunk: Buffer) => (stderr = (stderr + chunk).slice(-2_000)));
  const firstLine = await Promise.race([
    once(createInterface({ input: child.stdout! }), 'line').then(([line]) => line as string),
    exited.then(() => {
      throw new Error(`${args.join(' ')} ended before it was ready: ${stderr}`);
    }),
  ]);
  return {
    startTime: performance.now() - began,
    firstLine,
    async memory() {
      if (linux) {
        const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
        return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
      }
      child.send('memory');
      const [bytes] = (await once(child, 'message')) as [number];
      return bytes / 1024 ** 2;
    },
    async end() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Runs a Node program to its end. */
export async function runProgram(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
}
