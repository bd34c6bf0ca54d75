import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createEmitter } from '../../emitter.ts';
import type { ConversationHead, ConversationStore } from './conversationStore.ts';
import { readHead, readTurns, writeHead, writeTurn } from './conversationFormat.ts';
import { mergeHeads } from './mergeHeads.ts';
import { byLastUse } from './order.ts';

/** A folder of conversations. */
export interface ConversationFolder {
  readonly path: string;
  readonly logger: { warn(message: string): void };
}

const HEAD = 'conversation.json';
const TURNS = 'turns.jsonl';
/** Removed conversations, until the folder is opened again. */
const REMOVED = '.removed';

// Conversations are private to the user.
const PRIVATE_FOLDER = { recursive: true, mode: 0o700 } as const;
const PRIVATE_FILE = { mode: 0o600 } as const;

/**
 * Opens a folder with a subfolder for each conversation: a head, which is replaced whole, and turns,
 * which are appended. Unreadable files are left unchanged and skipped.
 */
export async function openConversationFolder({
  path,
  logger,
}: ConversationFolder): Promise<ConversationStore> {
  const heads = new Map<string, ConversationHead>();
  const removed = new Map<string, ConversationHead>();
  /** The heads that this window last stored or read. Another window may have changed them since. */
  const given = new Map<string, ConversationHead>();
  /** Lines that could not be written yet. */
  const unwritten = new Map<string, string>();
  const { subscribe, emit } = createEmitter<string>();
  let work = Promise.resolve();

  then(
    () => rm(join(path, REMOVED), { recursive: true, force: true }),
    (why) => `removed conversations are not deleted: ${why}`,
  );
  for (const name of await listSubfolders(path)) {
    try {
      const head = readHead(await readFile(join(path, name, HEAD), 'utf8'));
      if (head.id !== name) throw new Error(`its ID is ${head.id}`);
      heads.set(name, head);
      given.set(name, head);
    } catch (error) {
      logger.warn(`conversation ${join(path, name)} is skipped: ${(error as Error).message}`);
    }
  }

  /** Runs tasks one after the other. A failure is reported, and the next task runs. */
  function then(act: () => Promise<unknown>, explain: (why: string) => string): void {
    work = work.then(act).then(
      () => {},
      (error: unknown) => {
        const problem = explain((error as Error).message);
        logger.warn(problem);
        emit(problem);
      },
    );
  }

  function write(file: string, act: () => Promise<void>): void {
    then(
      act,
      (why) =>
        `Messages are not stored: cannot write ${join(path, file)} (${why}). Free space or make it writable; the next message stores everything that is missing. Until then, export what you need to keep.`,
    );
  }

  async function openFolder(id: string): Promise<string> {
    const folder = join(path, id);
    // Another window may have removed the conversation that this one continues.
    if (given.has(id)) await rename(join(path, REMOVED, id), folder).catch(() => {});
    await mkdir(folder, PRIVATE_FOLDER);
    return folder;
  }

  async function readWrittenHead(folder: string): Promise<ConversationHead | null> {
    try {
      return readHead(await readFile(join(folder, HEAD), 'utf8'));
    } catch {
      return null;
    }
  }

  return {
    heads: () => [...heads.values()].toSorted(byLastUse),
    async turns(id) {
      await work;
      try {
        return readTurns(await readFile(join(path, id, TURNS), 'utf8'));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    },
    saveHead(head) {
      const { id } = head;
      heads.set(id, head);
      write(join(id, HEAD), async () => {
        const before = given.get(id);
        if (isDeepStrictEqual(before, head)) return;
        const folder = await openFolder(id);
        const theirs = await readWrittenHead(folder);
        const merged = before && theirs ? mergeHeads(before, head, theirs) : head;
        // Replaced atomically, so that a crash never leaves a partial file.
        const half = join(folder, `${HEAD}.${process.pid}.new`);
        await writeFile(half, writeHead(merged), PRIVATE_FILE);
        await rename(half, join(folder, HEAD));
        given.set(id, head);
        if (heads.get(id) === head) heads.set(id, merged);
      });
    },
    saveTurn(id, turn) {
      const line = writeTurn(turn);
      write(join(id, TURNS), async () => {
        const lines = (unwritten.get(id) ?? '') + line;
        unwritten.set(id, lines);
        await appendFile(join(await openFolder(id), TURNS), lines, PRIVATE_FILE);
        unwritten.delete(id);
      });
    },
    remove(id) {
      const head = heads.get(id);
      if (!head) return;
      heads.delete(id);
      removed.set(id, head);
      then(
        async () => {
          given.delete(id);
          await mkdir(join(path, REMOVED), PRIVATE_FOLDER);
          await rename(join(path, id), join(path, REMOVED, id));
        },
        (why) => `The conversation is not removed: ${join(path, id)} cannot be moved (${why}).`,
      );
    },
    restore(id) {
      const head = removed.get(id);
      if (!head) return;
      removed.delete(id);
      heads.set(id, head);
      then(
        async () => {
          await rename(join(path, REMOVED, id), join(path, id));
          given.set(id, head);
        },
        (why) =>
          `The conversation is not restored: ${join(path, REMOVED, id)} cannot be moved back (${why}).`,
      );
    },
    onProblem: subscribe,
    settled: () => work,
  };
}

/** Names of the subfolders; none if the folder does not exist yet. */
async function listSubfolders(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
