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
  /** CPU time in milliseconds that the operating system has counted since the start. */
  cpuTime(): Promise<number>;
  end(): Promise<void>;
}

/** Reports the program's memory and CPU time on request, for systems without /proc. */
const REPORTER = `data:text/javascript,${encodeURIComponent(
  `process.on('message', (name) => {
     const { user, system } = process.cpuUsage();
     process.send(name === 'memory' ? process.memoryUsage.rss() : (user + system) / 1000);
   });
   process.channel.unref();`,
)}`;

/** Linux counts CPU time in ticks of this many milliseconds. */
const TICK = 10;

const linux = process.platform === 'linux';

/** Starts a Node program and waits for its first line of output. */
export async function startProgram(args: readonly string[]): Promise<Program> {
  const began = performance.now();
  const child = spawn(process.execPath, [...(linux ? [] : ['--import', REPORTER]), ...args], {
    stdio: ['ignore', 'pipe', 'pipe', ...(linux ? [] : ['ipc' as const])],
  });
  const exited = once(child, 'close');
  let stderr = '';
  child.stderr!.on('data', (chunk: Buffer) => (stderr = (stderr + chunk).slice(-2_000)));
  const firstLine = await Promise.race([
    once(createInterface({ input: child.stdout! }), 'line').then(([line]) => line as string),
    exited.then(() => {
      throw new Error(`${args.join(' ')} ended before it was ready: ${stderr}`);
    }),
  ]);
  async function ask(name: 'memory' | 'cpuTime'): Promise<number> {
    child.send(name);
    const [value] = (await once(child, 'message')) as [number];
    return value;
  }

  return {
    startTime: performance.now() - began,
    firstLine,
    async memory() {
      if (linux) {
        const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
        return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
      }
      return (await ask('memory')) / 1024 ** 2;
    },
    async cpuTime() {
      if (!linux) return ask('cpuTime');
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
      // The name of the program, in parentheses, may contain spaces.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) * TICK;
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
