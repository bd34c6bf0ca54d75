import { randomUUID } from 'node:crypto';
import type { Logger } from '../../emulator/index.ts';
import { openAgentRegistry } from '../aws/openAgentRegistry.ts';
import type { CodeEditor } from '../core/chat/code/codeEditor.ts';
import { openChatStorage } from '../core/chat/conversations/chatStorage.ts';
import { createChats, type Chats } from '../core/comparison/chats.ts';
import type { EmulatorConnection } from '../core/emulatorClient/emulatorConnection.ts';
import { targetsIn, tokensIn } from './remembered.ts';

/** What the extension's chats need. */
export interface EmulatorChatsOptions {
  readonly emulator: EmulatorConnection;
  readonly editor: CodeEditor;
  /** Folder of the conversations; null to keep none. */
  readonly folder: string | null;
  /** Keeps the user's targets in AWS. */
  readonly memory: Parameters<typeof targetsIn>[0];
  /** Keeps the tokens of agents. */
  readonly secrets: Parameters<typeof tokensIn>[0];
  readonly logger: Logger;
}

/** The extension's chat, and the comparison of agents. */
export async function createEmulatorChats({
  emulator,
  editor,
  folder,
  memory,
  secrets,
  logger,
}: EmulatorChatsOptions): Promise<Chats> {
  const storage = await openChatStorage({ path: folder, logger });
  const registry = openAgentRegistry({
    emulator,
    targets: targetsIn(memory),
    tokens: tokensIn(secrets, folder ?? ''),
    logger,
  });
  const chats = createChats({
    registry,
    storage,
    now: Date.now,
    logger,
    editor,
    newId: randomUUID,
  });
  return {
    ...chats,
    async dispose() {
      await chats.dispose();
      registry.close();
    },
  };
}
