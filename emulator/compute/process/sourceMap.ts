import { readFile, stat } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The sources of a compiled module. */
export interface ModuleSources {
  /** Absolute paths, with the texts that are known. The files need not exist. */
  readonly files: readonly { readonly path: string; readonly text: string | null }[];
  /** Maps a position in the module to its position in a source; null if it has none. */
  find(line: number, column: number): { readonly path: string; readonly line: number } | null;
}

/** A source map. Compilers omit members that Node's type requires. */
type WrittenSourceMap = Omit<SourceMapPayload, 'sourcesContent' | 'sourceRoot'> &
  Partial<Pick<SourceMapPayload, 'sourcesContent' | 'sourceRoot'>>;

/** Larger maps are not read, because a session waits for the result. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Reads the source map that the end of a module names. Returns null without a usable one. */
export async function readSourceMap(
  modulePath: string,
  text: string,
): Promise<ModuleSources | null> {
  const [, reference] = /\n\/\/[#@] sourceMappingURL=(\S+)\s*$/.exec(text) ?? [];
  if (reference === undefined) return null;
  try {
    const json = await readReference(reference, modulePath);
    return json === null ? null : await parse(JSON.parse(json) as WrittenSourceMap, modulePath);
  } catch {
    // Without its map, the module itself is reported.
    return null;
  }
}

async function readReference(reference: string, modulePath: string): Promise<string | null> {
  if (reference.length > MAX_BYTES) return null;
  if (reference.startsWith('data:')) return (await fetch(reference)).text();
  const path = resolve(dirname(modulePath), decodeURIComponent(reference));
  return (await stat(path)).size > MAX_BYTES ? null : readFile(path, 'utf8');
}

async function parse(payload: WrittenSourceMap, modulePath: string): Promise<ModuleSources> {
  const { sources, sourcesContent = [], sourceRoot = '' } = payload;
  const folder = dirname(modulePath);
  const paths = sources.map((source) =>
    source.startsWith('file:') ? fileURLToPath(source) : resolve(folder, sourceRoot, source),
  );
  const map = new SourceMap({ ...payload, sources: paths, sourcesContent, sourceRoot: '' });
  const files = await Promise.all(
    paths.map(async (path, index) => ({
      path,
      text: sourcesContent[index] ?? (await readFile(path, 'utf8').catch(() => null)),
    })),
  );
  return {
    files,
    find(line, column) {
      const origin = map.findOrigin(line, column);
      return 'fileName' in origin ? { path: origin.fileName, line: origin.lineNumber } : null;
    },
  };
}
