import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConversationHead, Conversations } from './conversations.ts';
import { readHead, readTurns, writeHead, writeTurn } from './format.ts';
import { byUse } from './order.ts';

/** Where conversations are kept. */
export interface ConversationFolder {
  readonly path: string;
  readonly logger: { warn(message: string): void };
}

const HEAD = 'conversation.json';
const TURNS = 'turns.jsonl';
/** Those that were removed, until the folder is opened again. */
const REMOVED = '.removed';

// What one says to an agent is nobody else's business.
const PRIVATE_FOLDER = { recursive: true, mode: 0o700 } as const;
const PRIVATE_FILE = { mode: 0o600 } as const;

/**
 * Opens a folder with one folder a conversation: its head, which is replaced whole, and its turns, which
 * are appended. What cannot be read is left as it is, and is in nobody's way.
 */
export async function openConversations({
  path,
  logger,
}: ConversationFolder): Promise<Conversations> {
  const heads = new Map<string, ConversationHead>();
  const removed = new Map<string, ConversationHead>();
  const kept = new Map<string, string>();
  let work = Promise.resolve();

  then('what was removed is not cleared away', () =>
    rm(join(path, REMOVED), { recursive: true, force: true }),
  );
  for (const name of await namesIn(path)) {
    try {
      const head = readHead(await readFile(join(path, name, HEAD), 'utf8'));
      if (head.id !== name) throw new Error(`it says that it is ${head.id}`);
      heads.set(name, head);
      kept.set(name, writeHead(head));
    } catch (error) {
      logger.warn(`conversation ${join(path, name)} is left out: ${(error as Error).message}`);
    }
  }

  /** One thing after the other; what fails is told and stops nothing. */
  function then(what: string, act: () => Promise<unknown>): void {
    work = work.then(act).then(
      () => {},
      (error: unknown) => logger.warn(`${what}: ${(error as Error).message}`),
    );
  }

  return {
    heads: () => [...heads.values()].toSorted(byUse),
    async turns(id) {
      await work;
      try {
        return readTurns(await readFile(join(path, id, TURNS), 'utf8'));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    },
    keep(head) {
      heads.set(head.id, head);
      const text = writeHead(head);
      if (kept.get(head.id) === text) return;
      kept.set(head.id, text);
      then(`conversation ${head.id} is not kept`, async () => {
        const file = join(path, head.id, HEAD);
        await mkdir(join(path, head.id), PRIVATE_FOLDER);
        // A head is there whole or not at all, whenever the machine stops.
        await writeFile(`${file}.new`, text, PRIVATE_FILE);
        await rename(`${file}.new`, file);
      });
    },
    keepTurn(id, turn) {
      const line = writeTurn(turn);
      then(`a turn of conversation ${id} is not kept`, async () => {
        await mkdir(join(path, id), PRIVATE_FOLDER);
        await appendFile(join(path, id, TURNS), line, PRIVATE_FILE);
      });
    },
    remove(id) {
      const head = heads.get(id);
      if (!head) return;
      heads.delete(id);
      removed.set(id, head);
      then(`conversation ${id} is not removed`, async () => {
        await mkdir(join(path, REMOVED), PRIVATE_FOLDER);
        await rename(join(path, id), join(path, REMOVED, id));
      });
    },
    restore(id) {
      const head = removed.get(id);
      if (!head) return;
      removed.delete(id);
      heads.set(id, head);
      then(`conversation ${id} is not restored`, () =>
        rename(join(path, REMOVED, id), join(path, id)),
      );
    },
    settled: () => work,
  };
}

/** The folders in there; none where there is no such folder yet. */
async function namesIn(path: string): Promise<string[]> {
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
