import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { StorageError } from '../../storage/storage.ts';

/** SQLite primary result codes. The upper bits of a code only refine it. */
const BUSY = 5;
const READ_ONLY = 8;
const IO_ERROR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;
const primaryCode = (code: number) => code & 0xff;

/** An error of the memory file, with a message that says how to fix it. */
export class StoreError extends StorageError {
  /** True when the file is damaged and must not be written any more. */
  readonly isDamage: boolean;

  constructor(message: string, isDamage: boolean, cause: unknown) {
    super(message, { cause });
    this.isDamage = isDamage;
  }
}

/**
 * Converts an error of SQLite to a StoreError and saves a copy of a damaged file. Returns null for an
 * error that the file did not cause, such as invalid SQL.
 */
export function toStoreError(error: unknown, file: string): StoreError | null {
  const { errcode: code, message } = error as { errcode?: unknown; message: string };
  if (error instanceof StoreError) return error;
  if (typeof code !== 'number') return null;
  const storeError = (text: string) => new StoreError(text, false, error);
  switch (primaryCode(code)) {
    case CORRUPT:
    case NOT_A_DATABASE:
      return damageError(file, message, saveCopy(file), error);
    case FULL:
      return storeError(
        `No space is left for the memory file ${file}: ${message}. Stored memories are kept. Free some space to add more.`,
      );
    case READ_ONLY:
      return storeError(
        `The memory file ${file} is not writable: ${message}. Memories can still be read. Make the file and its folder writable, or choose another folder with --data DIR.`,
      );
    case CANNOT_OPEN:
      return storeError(
        `Cannot open the memory file ${file}: ${message}. Make the file and its folder readable and writable, or choose another folder with --data DIR.`,
      );
    case BUSY:
    case IO_ERROR:
      return storeError(`Cannot use the memory file ${file}: ${message}. The file is unchanged.`);
    default:
      return null;
  }
}

/** Identifies the content of a file, so that a replaced or removed file is noticed. */
export function fileIdentity(file: string): string | null {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.ino} ${stats.size} ${stats.mtimeMs}` : null;
}

/** Returns an error when damage was found in the file before and the file is unchanged. */
export function knownDamage(file: string): StoreError | null {
  const copy = copyPath(file);
  return hasSameContent(file, copy)
    ? damageError(file, 'it is unchanged since the damage was found', `a copy is ${copy}`)
    : null;
}

function damageError(file: string, detail: string, copyNote: string, cause?: unknown): StoreError {
  return new StoreError(
    `The memory file ${file} is damaged: ${detail}. Nothing more is written to it; ${copyNote}. Move the file away to start empty, or restore a backup.`,
    true,
    cause,
  );
}

// Named after the time of the last change, so that an unchanged file has only one copy.
function copyPath(file: string): string {
  const time = statSync(file, { throwIfNoEntry: false })?.mtime.toISOString() ?? '';
  return `${file}.damaged-${time.replaceAll(':', '-')}`;
}

function saveCopy(file: string): string {
  const copy = copyPath(file);
  const description = `a copy is ${copy}`;
  if (hasSameContent(file, copy)) return description;
  try {
    // The latest writes may be in the write-ahead log.
    for (const suffix of ['-wal', '']) {
      if (existsSync(file + suffix))
        copyFileSync(file + suffix, copy + suffix, constants.COPYFILE_FICLONE);
    }
    return description;
  } catch (error) {
    for (const suffix of ['-wal', '']) rmSync(copy + suffix, { force: true });
    return `no copy could be made (${(error as Error).message})`;
  }
}

const CHUNK_BYTES = 1_048_576;

/** True when both files exist and have the same content. */
function hasSameContent(left: string, right: string): boolean {
  const sizes = [left, right].map((path) => statSync(path, { throwIfNoEntry: false })?.size);
  if (sizes[0] === undefined || sizes[0] !== sizes[1]) return false;
  const files: number[] = [];
  try {
    for (const path of [left, right]) files.push(openSync(path, 'r'));
    const chunks = files.map(() => Buffer.alloc(CHUNK_BYTES));
    for (;;) {
      const lengths = files.map((file, index) => readSync(file, chunks[index]!));
      if (!chunks[0]!.equals(chunks[1]!) || lengths[0] !== lengths[1]) return false;
      if (lengths[0] === 0) return true;
    }
  } catch {
    return false;
  } finally {
    for (const file of files) closeSync(file);
  }
}
