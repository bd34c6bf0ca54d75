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

/** What SQLite calls what can befall a file; further bits of its codes only say where. */
const BUSY = 5;
const READ_ONLY = 8;
const NOT_READ_OR_WRITTEN = 10;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;
const kindOf = (code: number) => code & 0xff;

/** What befalls the file in which memories are kept, in words for who is to mend it. */
export class StoreError extends StorageError {
  /** Whether nothing more is to be done with the file. */
  readonly isDamage: boolean;

  constructor(message: string, isDamage: boolean, cause: unknown) {
    super(message, { cause });
    this.isDamage = isDamage;
  }
}

/**
 * What an error says of the file; null for one that says nothing of it, such as a mistake in our own
 * SQL. Of a damaged file a copy is kept.
 */
export function toStoreError(error: unknown, file: string): StoreError | null {
  const { errcode: code, message } = error as { errcode?: unknown; message: string };
  if (error instanceof StoreError) return error;
  if (typeof code !== 'number') return null;
  const fault = (what: string) => new StoreError(what, false, error);
  switch (kindOf(code)) {
    case CORRUPT:
    case NOT_A_DATABASE:
      return damageOf(file, message, keepCopy(file), error);
    case FULL:
      return fault(
        `there is no room left for ${file}, where memories are kept: ${message}. What was kept before is there; nothing is added until there is room`,
      );
    case READ_ONLY:
      return fault(
        `${file}, where memories are kept, cannot be written: ${message}. What is kept can be read; make the file and its folder writable, or give another folder with --data DIR`,
      );
    case CANNOT_OPEN:
      return fault(
        `${file}, where memories are kept, cannot be opened: ${message}. Make the file and its folder readable and writable, or give another folder with --data DIR`,
      );
    case BUSY:
    case NOT_READ_OR_WRITTEN:
      return fault(
        `cannot use ${file}, where memories are kept: ${message}. It has been left as it is`,
      );
    default:
      return null;
  }
}

/** Which file it is: another one that is put in its place, or none, is seen by this. */
export function fileIdentity(file: string): string | null {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.ino} ${stats.size} ${stats.mtimeMs}` : null;
}

/** Of a file in which damage was found before, and which is the same still, that. */
export function knownDamage(file: string): StoreError | null {
  const copy = copyOf(file);
  return isSame(file, copy)
    ? damageOf(file, 'it is the same as when that was found', `a copy is ${copy}`)
    : null;
}

function damageOf(file: string, how: string, copied: string, cause?: unknown): StoreError {
  return new StoreError(
    `${file}, where memories are kept, is damaged: ${how}. Nothing more is written to it; ${copied}. Move it away to start afresh, or put back one that you have`,
    true,
    cause,
  );
}

// By the time of the file's last change: of one that stays as it is there is one copy.
function copyOf(file: string): string {
  const time = statSync(file, { throwIfNoEntry: false })?.mtime.toISOString() ?? '';
  return `${file}.damaged-${time.replaceAll(':', '-')}`;
}

function keepCopy(file: string): string {
  const copy = copyOf(file);
  const said = `a copy is ${copy}`;
  if (isSame(file, copy)) return said;
  try {
    // What was written last may be in the log beside it.
    for (const part of ['-wal', '']) {
      if (existsSync(file + part))
        copyFileSync(file + part, copy + part, constants.COPYFILE_FICLONE);
    }
    return said;
  } catch (error) {
    for (const part of ['-wal', '']) rmSync(copy + part, { force: true });
    return `no copy of it could be made (${(error as Error).message})`;
  }
}

const COMPARED_BYTES = 1_048_576;

/** Whether both are there and have the same bytes. */
function isSame(one: string, other: string): boolean {
  const sizes = [one, other].map((path) => statSync(path, { throwIfNoEntry: false })?.size);
  if (sizes[0] === undefined || sizes[0] !== sizes[1]) return false;
  const files: number[] = [];
  try {
    for (const path of [one, other]) files.push(openSync(path, 'r'));
    const pieces = files.map(() => Buffer.alloc(COMPARED_BYTES));
    for (;;) {
      const lengths = files.map((file, index) => readSync(file, pieces[index]!));
      if (!pieces[0]!.equals(pieces[1]!) || lengths[0] !== lengths[1]) return false;
      if (lengths[0] === 0) return true;
    }
  } catch {
    return false;
  } finally {
    for (const file of files) closeSync(file);
  }
}
