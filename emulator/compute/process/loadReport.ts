import { readFile, realpath } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { LoadCall, LoadedModule, LoadReport } from '../compute.ts';

/** A line of the file that the preload scripts write, one for each process that serves the agent. */
interface WrittenReport {
  readonly calls: readonly {
    readonly call: string;
    readonly file: string | null;
    readonly line: number | null;
    readonly function: string | null;
    readonly package: string | null;
    readonly target?: string;
    readonly isOpen?: boolean;
    readonly fillsCache?: boolean;
  }[];
  readonly modules: readonly string[];
}

/** Reads the report of a program in a working copy. Returns null if the program wrote none. */
export async function readLoadReport(file: string, copies: string): Promise<LoadReport | null> {
  const written = await readFile(file, 'utf8').catch(() => null);
  if (written === null) return null;
  const root = await realpath(copies);
  const toSource = (path: string) => relative(root, path).replaceAll(sep, '/');
  // What follows the last line break is still being written.
  const reports = written
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as WrittenReport);
  const paths = new Set(reports.flatMap(({ modules }) => modules));
  const modules = await Promise.all([...paths].map((path) => readModule(path, toSource(path))));
  return {
    calls: reports.flatMap(({ calls }) =>
      calls.map((each): LoadCall => ({
        call: each.call,
        place:
          each.file === null || each.line === null
            ? null
            : { file: toSource(each.file), line: each.line },
        inFunction: each.function,
        package: each.package,
        target: each.target ?? null,
        isOpen: each.isOpen ?? false,
        fillsCache: each.fillsCache ?? false,
      })),
    ),
    modules: modules.filter((module) => module !== null),
  };
}

async function readModule(path: string, file: string): Promise<LoadedModule | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : { file, text };
}
