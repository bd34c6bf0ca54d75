import { readFile, realpath } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { LoadCall, LoadReport } from '../compute.ts';
import { readSourceMap, type ModuleSources } from './sourceMap.ts';

/** A call in the file that the preload scripts write. */
interface WrittenCall {
  readonly call: string;
  readonly file: string | null;
  readonly line: number | null;
  /** Absent if the file is a source. */
  readonly column?: number;
  readonly function: string | null;
  readonly package: string | null;
  readonly target?: string;
  readonly isOpen?: boolean;
  readonly fillsCache?: boolean;
}

/** A line of that file, one for each process that serves the agent. */
interface WrittenReport {
  readonly calls: readonly WrittenCall[];
  readonly modules: readonly string[];
}

/** A module of the program as it was loaded. */
interface ReadModule {
  readonly path: string;
  readonly text: string;
  /** Null for a module that was not compiled. */
  readonly sources: ModuleSources | null;
}

/** Reads the report of a program in a working copy. Returns null if the program wrote none. */
export async function readLoadReport(file: string, copies: string): Promise<LoadReport | null> {
  const written = await readFile(file, 'utf8').catch(() => null);
  if (written === null) return null;
  const root = await realpath(copies);
  // Sources may be outside the deployed folder.
  const toSource = (path: string) =>
    relative(root, path)
      .replaceAll(sep, '/')
      .replace(/^(?:\.\.\/)+/, '');
  // What follows the last line break is still being written.
  const reports = written
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as WrittenReport);
  const paths = new Set(reports.flatMap(({ modules }) => modules));
  const modules = (await Promise.all([...paths].map(readModule))).filter((it) => it !== null);
  const compiled = new Map(modules.map(({ path, sources }) => [path, sources]));
  return {
    calls: reports.flatMap(({ calls }) =>
      calls.map((each): LoadCall => {
        const place = findPlace(each, compiled);
        const packageName = place === null ? null : packageOf(place.path);
        return {
          call: each.call,
          place:
            place === null || packageName !== null
              ? null
              : { file: toSource(place.path), line: place.line },
          inFunction: each.function,
          package: each.package ?? packageName,
          target: each.target ?? null,
          isOpen: each.isOpen ?? false,
          fillsCache: each.fillsCache ?? false,
        };
      }),
    ),
    modules: modules.flatMap((module) =>
      programFiles(module).map(({ path, text }) => ({ file: toSource(path), text })),
    ),
  };
}

function findPlace(
  { file, line, column }: WrittenCall,
  compiled: ReadonlyMap<string, ModuleSources | null>,
): { readonly path: string; readonly line: number } | null {
  if (file === null || line === null) return null;
  const source = column === undefined ? null : compiled.get(file)?.find(line, column);
  return source ?? { path: file, line };
}

/** Returns the sources of a compiled module without packages, or the module if a text is unknown. */
function programFiles({ path, text, sources }: ReadModule): { path: string; text: string }[] {
  const own = sources?.files.filter((file) => packageOf(file.path) === null) ?? [];
  const known = own.flatMap((file) => (file.text === null ? [] : [{ ...file, text: file.text }]));
  return known.length > 0 && known.length === own.length ? known : [{ path, text }];
}

async function readModule(path: string): Promise<ReadModule | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : { path, text, sources: await readSourceMap(path, text) };
}

/** Returns the package that a source belongs to, which a bundler included in the program. */
function packageOf(path: string): string | null {
  return /.*[/\\]node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)/.exec(path)?.[1] ?? null;
}
