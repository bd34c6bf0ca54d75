import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart, type ProgramCode, type OnLine } from '../compute.ts';
import type { Interpreter } from './runtimeVersion.ts';

/** How an agent is started in its working copy. */
export interface Launch {
  readonly interpreter: Interpreter;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What can be done about a program's end by the last line that it printed; null where nothing is known. */
  readonly mend?: (line: string) => string | null;
}

/** Knows how the agents of one language are started. */
export interface Launcher {
  /** Finds the interpreter that has the agent's packages, and may make that first. */
  prepare(agent: ProgramCode, onLine: OnLine): Promise<Launch>;
  /** Ends what is still being made. */
  close(): Promise<void>;
}

/** The file that an agent's entrypoint names, relative to its code. */
export function entryFile({ code, entrypoint }: ProgramCode): string {
  // "main.py:app" names an object in it, which only AWS's own loader needs.
  const file = entrypoint.replace(/:[A-Za-z_]\w*$/, '');
  if (existsSync(join(code, file))) return file;
  throw new CannotStart(
    `the entrypoint ${file} does not exist in ${code}; name another in agentcore.json`,
  );
}
