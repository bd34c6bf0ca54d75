import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CannotStartError } from '../compute.ts';
import type { CommandLine } from './privateMounts.ts';

/** Makes the command line that starts a program in a pseudoterminal, which its standard streams are of. */
export type InPseudoterminal = (program: CommandLine) => CommandLine;

/** Finds out how that can be done here; rejects with CannotStart where it cannot. */
export type FindPseudoterminal = () => Promise<InPseudoterminal>;

// Node cannot make one without a native module. Python can, on Linux and macOS.
const PYTHON = `
import os, pty, sys
code = os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:]))
sys.exit(code if code >= 0 else 128 - code)
`;

/** Python's, else that of util-linux's \`script\`. */
export function createPseudoterminals(): FindPseudoterminal {
  let finding: Promise<InPseudoterminal> | undefined;
  return () =>
    (finding ??= find().catch((error: unknown) => {
      // What is missing may be there the next time.
      finding = undefined;
      throw error;
    }));
}

async function find(): Promise<InPseudoterminal> {
  const run = promisify(execFile);
  // Apart from what the agent's environment puts into its own Python.
  const python = ['-I', '-S', '-c'] as const;
  const hasPython = run('python3', [...python, 'import os, pty; os.waitstatus_to_exitcode']);
  if (await succeeds(hasPython)) return (program) => ['python3', ...python, PYTHON, ...program];
  const { stdout } = await run('script', ['--version']).catch(() => ({ stdout: '' }));
  if (stdout.includes('util-linux')) {
    return (program) => ['script', '-qefc', program.map(quote).join(' '), '/dev/null'];
  }
  throw new CannotStartError(
    'a terminal needs Python 3.9 or newer as python3, or the script of util-linux, and neither is on PATH; install one, or run the agent in a container',
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
