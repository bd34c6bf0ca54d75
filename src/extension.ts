import * as vscode from 'vscode';
import type { ChatHost } from './core/chat/host.ts';
import { CHAT_VIEW, createChatView } from './vscode/chatView.ts';
import { codeEditor } from './vscode/codeEditor.ts';
import { registerCommands } from './vscode/commands.ts';
import { keepContextKeys } from './vscode/contextKeys.ts';
import { createEmulatorProcess, type EmulatorProcess } from './vscode/emulatorProcess.ts';
import { createEmulatorStarter } from './vscode/emulatorStarter.ts';
import { reportFailure } from './vscode/failures.ts';
import { createProjects } from './vscode/projects.ts';
import { createStatusBar } from './vscode/statusBar.ts';
import { openChatByUri } from './vscode/uri.ts';

/** What other extensions get of this one, and the tests in the extension host. */
export interface Workbench {
  readonly emulator: EmulatorProcess;
  readonly chat: () => Promise<ChatHost>;
}

let running: Workbench | undefined;

/** Builds the parts and joins them. What is heavy is loaded at its first use. */
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
  let conversation: Promise<ChatHost> | undefined;
  async function converse(): Promise<ChatHost> {
    const { createEmulatorChat } = await import('./vscode/emulatorChat.ts');
    const chat = await createEmulatorChat({
      emulator,
      editor: codeEditor,
      // A window without a folder has nowhere to keep anything.
      folder: storageUri ? vscode.Uri.joinPath(storageUri, 'conversations').fsPath : null,
      reconnect: () => void reportFailure(log, () => starter.start({ askAgain: false })),
      memory: workspaceState,
      secrets,
      logger: log,
    });
    subscriptions.push({ dispose: () => void chat.dispose() });
    return chat;
  }
  const chat = () =>
    (conversation ??= converse().catch((error: unknown) => {
      // The next one who wants it tries again.
      conversation = undefined;
      throw error;
    }));

  const statusBar = createStatusBar(emulator);
  const view = createChatView({
    folder: inExtension('dist/webview'),
    chat,
    logger: log,
    onOpen: () => void reportFailure(log, starter.startFirst),
  });
  subscriptions.push(
    log,
    projects,
    statusBar,
    keepContextKeys(emulator, projects, statusBar, log),
    registerCommands({ emulator, starter, chat, log }),
    vscode.window.registerWebviewViewProvider(CHAT_VIEW, view),
    vscode.window.registerUriHandler({ handleUri: openChatByUri }),
  );
  return (running = { emulator, chat });
}

/** Waits for the sessions' end, so that a window that is reloaded finds none in its way. */
export async function deactivate(): Promise<void> {
  await running?.emulator.stop();
}
