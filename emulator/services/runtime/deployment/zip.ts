import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { open, type Entry, type ZipFile } from 'yauzl';

/** AWS's quota for unpacked code. */
const MAX_MEGABYTES = 750;

// Unix stores an entry's file type and mode in the upper 16 bits.
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const LINK = 0o120000;
const EXECUTABLE = 0o111;

/** Unpacks a zip into a new folder. Rejects links and names that lead out of the folder. */
export async function unzip(file: string, folder: string, signal: AbortSignal): Promise<void> {
  const zip = await openZip(file);
  let megabytes = 0;
  try {
    await mkdir(folder, { recursive: true });
    for await (const entry of readEntries(zip)) {
      signal.throwIfAborted();
      megabytes += entry.uncompressedSize / 1024 ** 2;
      if (megabytes > MAX_MEGABYTES) {
        throw new Error(`it unpacks to more than ${MAX_MEGABYTES} MB`);
      }
      await unpackEntry(zip, entry, join(folder, entry.fileName), signal);
    }
  } catch (error) {
    throw new Error(`The zip cannot be unpacked: ${(error as Error).message}`, { cause: error });
  } finally {
    zip.close();
  }
}

async function unpackEntry(
  zip: ZipFile,
  entry: Entry,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const mode = entry.externalFileAttributes >>> 16;
  const kind = mode & FILE_TYPE;
  if (kind === LINK) {
    throw new Error(
      `'${entry.fileName}' is a link. Include the file that it points to, as zip does without -y`,
    );
  }
  if (kind !== 0 && kind !== REGULAR && kind !== FOLDER) {
    throw new Error(`'${entry.fileName}' is neither a file nor a folder`);
  }
  if (entry.isEncrypted()) throw new Error(`'${entry.fileName}' is encrypted`);
  if (entry.fileName.endsWith('/')) {
    await mkdir(path, { recursive: true });
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  const permissions = mode & EXECUTABLE ? 0o755 : 0o644;
  // A second entry with the same name would silently replace the first.
  const target = createWriteStream(path, { flags: 'wx', mode: permissions });
  await pipeline(await openEntry(zip, entry), target, { signal });
}

function openZip(file: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(file, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) reject(new Error(`it is not a zip: ${error.message}`));
      else resolve(zip);
    });
  });
}

async function* readEntries(zip: ZipFile): AsyncGenerator<Entry> {
  let next = Promise.withResolvers<Entry | null>();
  zip.on('entry', (entry: Entry) => next.resolve(entry));
  zip.on('end', () => next.resolve(null));
  zip.on('error', (error: Error) => next.reject(error));
  for (;;) {
    next = Promise.withResolvers();
    zip.readEntry();
    const entry = await next.promise;
    if (entry === null) return;
    yield entry;
  }
}

function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
}
