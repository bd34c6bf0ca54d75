import * as vscode from 'vscode';
import type { ChatHost } from './core/chat/chatHost.ts';
import type { Chats } from './core/comparison/chats.ts';
import { connectManagedEmulator } from './core/emulator/managedEmulator.ts';
import type { ComparisonHostMessage } from './shared/chat/comparison.ts';
import { CHAT_TAB, CHAT_VIEW, chatPage, createView } from './vscode/chatView.ts';
import { codeEditor } from './vscode/codeEditor.ts';
import { registerCommands } from './vscode/commands.ts';
import { trackContextKeys } from './vscode/contextKeys.ts';
import { createEmulatorProcess, type EmulatorProcess } from './vscode/emulatorProcess.ts';
import { createEmulatorStarter } from './vscode/emulatorStarter.ts';
import { createEditorTab } from './vscode/editorTab.ts';
import { reportFailure } from './vscode/failures.ts';
import { createProjects } from './vscode/projects.ts';
import { createStatusBar } from './vscode/statusBar.ts';
import { openChatByUri } from './vscode/uri.ts';

/** The API that the extension exports to other extensions and to the tests in the extension host. */
export interface Workbench {
  readonly emulator: EmulatorProcess;
  readonly chat: () => Promise<ChatHost>;
}

let activeWorkbench: Workbench | undefined;

/** Creates and connects the extension's parts. Heavy modules are loaded at first use. */
export function activate({
  subscriptions,
  extensionUri,
  storageUri,
  workspaceState,
  secrets,
}: vscode.ExtensionContext): Workbench {
  const inExtension = (path: string) => vscode.Uri.joinPath(extensionUri, path);
  const log = vscode.window.createOutputChannel('AgentCore Workbench', { log: true });
  const emulator = createEmulatorProcess({
    command: inExtension('dist/agentcore-emulator.js').fsPath,
    logger: log,
  });
  const projects = createProjects(workspaceState);
  const starter = createEmulatorStarter(emulator, projects);
  const connection = connectManagedEmulator(
    emulator,
    () => void reportFailure(log, () => starter.start({ alwaysAsk: false })),
  );
  let openedChats: Promise<Chats> | undefined;
  async function openChats(): Promise<Chats> {
    const { createEmulatorChats } = await import('./vscode/emulatorChat.ts');
    const chats = await createEmulatorChats({
      emulator: connection,
      editor: codeEditor,
      // A window without a folder has no storage.
      folder: storageUri ? vscode.Uri.joinPath(storageUri, 'conversations').fsPath : null,
      workspaceState,
      secrets,
      logger: log,
    });
    subscriptions.push({ dispose: () => void chats.dispose() });
    return chats;
  }
  const chats = () =>
    (openedChats ??= openChats().catch((error: unknown) => {
      // The next call tries again.
      openedChats = undefined;
      throw error;
    }));
  const chat = async () => (await chats()).chat;

  const statusBar = createStatusBar(emulator, connection);
  const onOpen = () => void reportFailure(log, starter.startFirst);
  const bundle = { folder: inExtension('dist/webview'), logger: log };
  const comparison = createEditorTab<ComparisonHostMessage>({
    ...bundle,
    id: 'agentcoreWorkbench.comparison',
    elementId: 'comparison',
    title: 'Compare Agents',
    connect: async (post) => (await chats()).comparison.connect(post),
    onOpen,
  });
  const page = chatPage({ ...bundle, chat, onCompare: comparison.show });
  const chatTab = createEditorTab({ ...page, id: CHAT_TAB, onOpen });
  subscriptions.push(
    log,
    projects,
    statusBar,
    trackContextKeys(emulator, projects, statusBar, log),
    registerCommands({ emulator, starter, projects, chat, chatTab, comparison, log }),
    chatTab,
    comparison,
    vscode.window.registerWebviewViewProvider(CHAT_VIEW, createView(page, onOpen)),
    vscode.window.registerUriHandler({ handleUri: openChatByUri }),
  );
  return (activeWorkbench = { emulator, chat });
}

/** Waits until all sessions have ended, so that a reloaded window can start its own. */
export async function deactivate(): Promise<void> {
  await activeWorkbench?.emulator.stop();
}
