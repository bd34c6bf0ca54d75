import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { entrypointFiles } from '../../../src/shared/entrypoint.ts';
import { CannotStartError, type ProgramCode, type OnOutputLine } from '../compute.ts';
import type { InstalledInterpreter } from './runtimeVersion.ts';

/** The command that starts an agent in its working copy. */
export interface Launch {
  readonly interpreter: InstalledInterpreter;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Returns a fix for the program's exit by its last line on stderr; null if none is known. */
  readonly findFix?: (line: string) => string | null;
}

/** Prepares the start of agents in one language. */
export interface Launcher {
  /** Finds the interpreter with the agent's packages. May create a virtual environment. */
  prepare(agent: ProgramCode, onLine: OnOutputLine): Promise<Launch>;
  /** Stops pending preparations. */
  close(): Promise<void>;
}

/** Returns an agent's entry file, relative to its code: its entrypoint or the source of it. */
export function entryFile({ code, entrypoint }: ProgramCode): string {
  const files = entrypointFiles(entrypoint);
  const file = files.find((candidate) => existsSync(join(code, candidate)));
  if (file !== undefined) return file;
  throw new CannotStartError(
    `the entrypoint ${files.join(' or ')} does not exist in ${code}. Correct the entrypoint in agentcore.json`,
  );
}
