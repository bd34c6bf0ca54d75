import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import dockerignore from '@balena/dockerignore';
import { pack } from 'tar-fs';
import type { ImageSource } from '../../../src/shared/image.ts';

/** What an image is built from, as it is at one moment. */
export interface BuildContext {
  /** The same for the same content, wherever and whenever it was written. */
  readonly digest: string;
  /** What would be in it and cannot be, each with the reason. */
  readonly missing: readonly string[];
  /** The context as the engine takes it: a tar of what is not ignored. */
  tar(): NodeJS.ReadableStream;
}

/** The emulator's own data, which is in nobody's image and changes with every session. */
const OWN_DATA = '.agentcore';

/** How many files are read at once: a context may have more than a process may open. */
const FILES_AT_ONCE = 16;

/** Reads build contexts; what a file held is remembered until the file changes. */
export function createContextReader(): (source: ImageSource) => Promise<BuildContext> {
  const known = new Map<string, { version: string; digest: string }>();

  async function digestOf(file: string): Promise<string> {
    const { size, mtimeMs, ino } = await stat(file);
    const version = `${size} ${mtimeMs} ${ino}`;
    const before = known.get(file);
    if (before?.version === version) return before.digest;
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    const digest = hash.digest('hex');
    known.set(file, { version, digest });
    return digest;
  }

  async function describe(context: string, { path, kind }: Entry): Promise<readonly unknown[]> {
    const place = join(context, path);
    if (kind === 'folder') return [path, kind];
    if (kind === 'link') return [path, kind, await readlink(place)];
    return [path, kind, modeOf((await stat(place)).mode), await digestOf(place)];
  }

  return async (source) => {
    const { dockerfile, buildArguments } = source;
    // A tar of a link would be a link.
    const context = await realpath(source.context);
    const { entries, missing } = await listContext({ ...source, context });
    const content: (readonly unknown[])[] = [];
    const queue = entries.entries();
    const work = async () => {
      for (const [index, entry] of queue) content[index] = await describe(context, entry);
    };
    await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
    const buildArgs = Object.entries(buildArguments).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const wanted = new Set(entries.map(({ path }) => path));
    return {
      digest: createHash('sha256')
        .update(JSON.stringify([dockerfile, buildArgs, content]))
        .digest('hex'),
      missing,
      tar: () =>
        pack(context, {
          ignore: (place) => !wanted.has(slashed(relative(context, place))),
          // As the docker command does: who owns a file here means nothing in an image.
          map: (header) => ({ ...header, mode: modeOf(header.mode ?? 0), uid: 0, gid: 0 }),
        }),
    };
  };
}

interface Entry {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
}

async function listContext({
  context,
  dockerfile,
  leftOut,
}: ImageSource): Promise<{ readonly entries: Entry[]; readonly missing: string[] }> {
  const patterns = await ignorePatterns(context, dockerfile, leftOut);
  const rules = dockerignore.default({ ignorecase: false }).add([...patterns]);
  // Below an ignored folder there may be something that a later line takes in again.
  const hasExceptions = patterns.some((pattern) => pattern.trim().startsWith('!'));
  // The engine needs the Dockerfile whatever the patterns say.
  const isKept = (path: string) =>
    path === dockerfile || dockerfile.startsWith(`${path}/`) || !rules.ignores(path);
  const entries: Entry[] = [];
  const missing: string[] = [];

  async function walk(folder: string): Promise<void> {
    const found = await readdir(join(context, folder), { withFileTypes: true, encoding: 'buffer' });
    for (const entry of found) {
      const name = entry.name.toString();
      if (name === OWN_DATA) continue;
      const path = folder === '' ? name : `${folder}/${name}`;
      const kept = isKept(path);
      if (!Buffer.from(name).equals(entry.name)) {
        if (kept) missing.push(`${path} is left out of the image, as its name is not UTF-8`);
        continue;
      }
      if (entry.isDirectory()) {
        const before = entries.length;
        if (kept || hasExceptions) await walk(path);
        if (kept || entries.length > before) entries.push({ path, kind: 'folder' });
      } else if (kept && entry.isFile()) entries.push({ path, kind: 'file' });
      else if (kept && entry.isSymbolicLink()) entries.push({ path, kind: 'link' });
    }
  }
  await walk('');
  return { entries: entries.toSorted((a, b) => (a.path < b.path ? -1 : 1)), missing };
}

async function ignorePatterns(
  context: string,
  dockerfile: string,
  leftOut: readonly string[],
): Promise<readonly string[]> {
  for (const name of [`${dockerfile}.dockerignore`, '.dockerignore']) {
    const text = await readFile(join(context, name), 'utf8').catch(() => null);
    if (text !== null) return text.split(/\r?\n/);
  }
  return leftOut;
}

// Where files have no modes all of them may be run, as the docker command has it.
function modeOf(mode: number): number {
  return process.platform === 'win32' ? 0o755 : mode & 0o777;
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}
