import { randomUUID } from 'node:crypto';
import type { Logger } from '../../emulator/index.ts';
import { openAgentRegistry } from '../aws/openAgentRegistry.ts';
import type { CodeEditor } from '../core/chat/code/codeEditor.ts';
import { openChatStorage } from '../core/chat/conversations/chatStorage.ts';
import { createChats, type Chats } from '../core/comparison/chats.ts';
import type { EmulatorConnection } from '../core/emulatorClient/emulatorConnection.ts';
import { createTargetStore, createTokenStore } from './workspaceStores.ts';

/** Dependencies of the extension's chats. */
export interface EmulatorChatsOptions {
  readonly emulator: EmulatorConnection;
  readonly editor: CodeEditor;
  /** Folder of stored conversations; null stores none. */
  readonly folder: string | null;
  /** Stores the user's AWS targets. */
  readonly workspaceState: Parameters<typeof createTargetStore>[0];
  /** Stores bearer tokens of agents. */
  readonly secrets: Parameters<typeof createTokenStore>[0];
  readonly logger: Logger;
}

/** Creates the extension's chat and its comparison of agents. */
export async function createEmulatorChats({
  emulator,
  editor,
  folder,
  workspaceState,
  secrets,
  logger,
}: EmulatorChatsOptions): Promise<Chats> {
  const storage = await openChatStorage({ path: folder, logger });
  const registry = openAgentRegistry({
    emulator,
    targets: createTargetStore(workspaceState),
    tokens: createTokenStore(secrets, folder ?? ''),
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
