import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CannotStartError } from '../compute.ts';
import type { CommandLine } from './privateMounts.ts';

/** Returns a command line that starts a program in a pseudoterminal. */
export type InPseudoterminal = (program: CommandLine) => CommandLine;

/** Finds the method for this system. Rejects with CannotStartError if there is none. */
export type FindPseudoterminal = () => Promise<InPseudoterminal>;

// Node cannot create a pseudoterminal without a native module. Python can, on Linux and macOS.
const PYTHON = `
import os, pty, sys
code = os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:]))
sys.exit(code if code >= 0 else 128 - code)
`;

/** Uses Python, or util-linux's `script`. */
export function createPseudoterminals(): FindPseudoterminal {
  let finding: Promise<InPseudoterminal> | undefined;
  return () =>
    (finding ??= find().catch((error: unknown) => {
      // The missing program may be installed later.
      finding = undefined;
      throw error;
    }));
}

async function find(): Promise<InPseudoterminal> {
  const run = promisify(execFile);
  // Isolated from variables that configure the agent's own Python.
  const python = ['-I', '-S', '-c'] as const;
  const hasPython = run('python3', [...python, 'import os, pty; os.waitstatus_to_exitcode']);
  if (await succeeds(hasPython)) return (program) => ['python3', ...python, PYTHON, ...program];
  const { stdout } = await run('script', ['--version']).catch(() => ({ stdout: '' }));
  if (stdout.includes('util-linux')) {
    return (program) => ['script', '-qefc', program.map(quote).join(' '), '/dev/null'];
  }
  throw new CannotStartError(
    "a terminal needs python3 3.9 or newer, or util-linux's script. Neither is on PATH. Install one, or run the agent in a container",
  );
}

function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
