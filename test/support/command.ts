import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { ReadyMessage } from '../../src/shared/emulator.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** Path of the built command. */
export const command = join(root, 'dist', 'agentcore-emulator.js');

/** Folder of the sample project that `npm start` runs. */
export const sample = join(root, 'agent-templates', 'typescript-basic');

/** A running command. `stdout` and `stderr` return its output so far. */
export interface CommandProcess {
  readonly process: ChildProcess;
  /** Resolves to the parsed first line of output. Rejects when the command exits without one. */
  ready(): Promise<ReadyMessage>;
  readonly exited: Promise<number | null>;
  stdout(): string;
  stderr(): string;
}

/** Options of the command's process. */
interface ProcessOptions {
  /** Path of the command's script. */
  readonly file?: string;
  readonly nodeOptions?: readonly string[];
  /** A wrapper program that starts the command, with the wrapper's arguments. */
  readonly by?: readonly string[];
  readonly cwd?: string;
  /** Content of standard input, if any. */
  readonly input?: string;
}

/** Starts `agentcore-emulator` as a user does. It ends with the test. */
export function useCommand(
  args: string[],
  environment: NodeJS.ProcessEnv = {},
  { file = command, nodeOptions = [], by = [], cwd, input }: ProcessOptions = {},
): CommandProcess {
  const [program = '', ...rest] = [...by, process.execPath, ...nodeOptions, file, ...args];
  const child = spawn(program, rest, {
    env: { ...process.env, ...environment },
    cwd,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  }) as ChildProcess & { readonly stdout: Readable; readonly stderr: Readable };
  child.stdin?.end(input);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  const ready = async () => {
    const [line] = await Promise.race([
      once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>,
      exited.then(() => {
        throw new Error(`The command exited before it was ready: ${stderr}`);
      }),
    ]);
    return JSON.parse(line) as ReadyMessage;
  };
  return { process: child, ready, exited, stdout: () => stdout, stderr: () => stderr };
}

/** Runs the command until it exits. */
export async function runCommand(
  args: string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const running = useCommand(args);
  const code = await running.exited;
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}
