import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { entrypointFiles } from '../../../src/shared/entrypoint.ts';
import { CannotStartError, type ProgramCode, type OnOutputLine } from '../compute.ts';
import type { InstalledInterpreter } from './runtimeVersion.ts';

/** How an agent is started in its working copy. */
export interface Launch {
  readonly interpreter: InstalledInterpreter;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What can be done about a program's end by the last line that it printed; null where nothing is known. */
  readonly findFix?: (line: string) => string | null;
}

/** Knows how the agents of one language are started. */
export interface Launcher {
  /** Finds the interpreter that has the agent's packages, and may make that first. */
  prepare(agent: ProgramCode, onLine: OnOutputLine): Promise<Launch>;
  /** Ends what is still being made. */
  close(): Promise<void>;
}

/** Returns the file that starts an agent, relative to its code: its entrypoint or the source of that. */
export function entryFile({ code, entrypoint }: ProgramCode): string {
  const files = entrypointFiles(entrypoint);
  const file = files.find((candidate) => existsSync(join(code, candidate)));
  if (file !== undefined) return file;
  throw new CannotStartError(
    `the entrypoint ${files.join(' or ')} does not exist in ${code}; name another in agentcore.json`,
  );
}
