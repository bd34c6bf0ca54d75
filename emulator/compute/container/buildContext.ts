import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import dockerignore from '@balena/dockerignore';
import { pack, type PackOptions } from 'tar-fs';
import type { ImageSource } from '../../../src/shared/image.ts';

/** A snapshot of the files that an image is built from. */
export interface BuildContext {
  /** Depends on the content only, not on its location or modification time. */
  readonly digest: string;
  /** Messages about files that cannot be included. */
  readonly missing: readonly string[];
  /** A tar of all files that are not ignored. */
  tar(): NodeJS.ReadableStream;
}

/** The emulator's own data, which changes with every session and is never part of an image. */
const OWN_DATA = '.agentcore';

/** Concurrent reads. A context may have more files than a process may open. */
const FILES_AT_ONCE = 16;

/** Reads build contexts. The digest of a file is cached until the file changes. */
export function createContextReader(): (source: ImageSource) => Promise<BuildContext> {
  const known = new Map<string, { version: string; digest: string }>();

  async function digestFile(file: string): Promise<string> {
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

  async function describeEntry(
    context: string,
    { path, kind }: Entry,
  ): Promise<readonly unknown[]> {
    const fullPath = join(context, path);
    if (kind === 'folder') return [path, kind];
    if (kind === 'link') return [path, kind, await readlink(fullPath)];
    return [path, kind, imageMode((await stat(fullPath)).mode), await digestFile(fullPath)];
  }

  return async (source) => {
    const { dockerfile, buildArguments } = source;
    // A tar of a symbolic link would contain only the link.
    const context = await realpath(source.context);
    const { entries, missing } = await listContext({ ...source, context });
    const content: (readonly unknown[])[] = [];
    const queue = entries.entries();
    const work = async () => {
      for (const [index, entry] of queue) content[index] = await describeEntry(context, entry);
    };
    await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
    const buildArgs = Object.entries(buildArguments).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const included = new Set(entries.map(({ path }) => path));
    // The types lack `umask`.
    const packOptions: PackOptions & { readonly umask: number } = {
      ignore: (fullPath) => !included.has(toPosixPath(relative(context, fullPath))),
      // The image's user reads the files, so the emulator's own umask does not apply to them.
      umask: 0,
      // Like the docker command: local file owners mean nothing in an image.
      map: (header) => ({ ...header, mode: imageMode(header.mode ?? 0), uid: 0, gid: 0 }),
    };
    return {
      digest: createHash('sha256')
        .update(JSON.stringify([dockerfile, buildArgs, content]))
        .digest('hex'),
      missing,
      tar: () => pack(context, packOptions),
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
  // A later exception may include files below an ignored folder.
  const hasExceptions = patterns.some((pattern) => pattern.trim().startsWith('!'));
  // The engine needs the Dockerfile even if it is ignored.
  const isIncluded = (path: string) =>
    path === dockerfile || dockerfile.startsWith(`${path}/`) || !rules.ignores(path);
  const entries: Entry[] = [];
  const missing: string[] = [];

  async function walk(folder: string): Promise<void> {
    const found = await readdir(join(context, folder), { withFileTypes: true, encoding: 'buffer' });
    for (const entry of found) {
      const name = entry.name.toString();
      if (name === OWN_DATA) continue;
      const path = folder === '' ? name : `${folder}/${name}`;
      const isPart = isIncluded(path);
      if (!Buffer.from(name).equals(entry.name)) {
        if (isPart) missing.push(`${path} is not in the image, because its name is not UTF-8`);
        continue;
      }
      if (entry.isDirectory()) {
        const before = entries.length;
        if (isPart || hasExceptions) await walk(path);
        if (isPart || entries.length > before) entries.push({ path, kind: 'folder' });
      } else if (isPart && entry.isFile()) entries.push({ path, kind: 'file' });
      else if (isPart && entry.isSymbolicLink()) entries.push({ path, kind: 'link' });
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

// Windows has no file modes, so all files are executable, as with the docker command.
function imageMode(mode: number): number {
  return process.platform === 'win32' ? 0o755 : mode & 0o777;
}

function toPosixPath(path: string): string {
  return path.split(sep).join('/');
}
