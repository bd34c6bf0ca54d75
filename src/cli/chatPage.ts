import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { AccessKey, ServedPage, PageFile } from '../../emulator/index.ts';
import { openAgentRegistry } from '../aws/openAgentRegistry.ts';
import { openChatStorage } from '../core/chat/conversations/chatStorage.ts';
import { createChats } from '../core/comparison/chats.ts';
import { connectEmulator } from '../core/emulatorClient/emulatorConnection.ts';
import type { TargetStore } from '../core/targets/awsAgents.ts';
import { inMemoryTokens } from '../core/targets/tokens.ts';

// The build puts them beside this module's bundle.
const FILES = new URL('./webview/', import.meta.url);

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
};

/** The page's targets and tokens last as long as the emulator. */
const inMemoryTargets: TargetStore = { read: () => [], write: () => {} };

/** Options of the chat page. */
export interface ServedChatPageOptions {
  /** The emulator's URL. */
  readonly url: string;
  /** Signs invocations; absent where the emulator does not verify signatures. */
  readonly key: AccessKey | undefined;
  /** Folder of the stored conversations; null to store none. */
  readonly folder: string | null;
  /** Why the page must not call AWS with the credentials of this process; null if it may. */
  readonly awsUnavailable: string | null;
  readonly logger: { warn(message: string): void; error(message: string): void };
}

/** Opens the chat with the agents of an emulator. */
export async function openChatPage({
  url,
  key,
  folder,
  awsUnavailable,
  logger,
}: ServedChatPageOptions): Promise<ServedPage> {
  const storage = await openChatStorage({ path: folder, logger });
  const emulator = connectEmulator(url);
  const registry = openAgentRegistry({
    emulator,
    ...(key && {
      emulatorCredentials: {
        accessKeyId: key.id,
        secretAccessKey: key.secret,
        ...(key.sessionToken !== undefined && { sessionToken: key.sessionToken }),
      },
    }),
    targets: awsUnavailable ?? inMemoryTargets,
    tokens: inMemoryTokens,
    logger,
  });
  await registry.emulator.refresh();
  const { chat, comparison, dispose } = createChats({
    registry,
    storage,
    now: Date.now,
    logger,
    editor: null,
    newId: randomUUID,
  });

  return {
    file: readPageFile,
    connect(socket, name) {
      const post = (message: unknown) => socket.send(JSON.stringify(message));
      const view = name === 'compare' ? comparison.connect(post) : chat.connect(post);
      socket.onMessage((message) => {
        try {
          view.receive(JSON.parse(message));
        } catch (error) {
          logger.warn(`Rejected a message of the chat page: ${(error as Error).message}`);
          socket.refuse('not a message of the chat protocol');
        }
      });
      socket.onClose(view.dispose);
    },
    async close() {
      await dispose();
      registry.close();
      emulator.close();
    },
  };
}

async function readPageFile(name: string): Promise<PageFile | undefined> {
  const contentType = CONTENT_TYPES[extname(name)];
  if (contentType === undefined) return undefined;
  try {
    return { contentType, content: await readFile(new URL(name, FILES)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
