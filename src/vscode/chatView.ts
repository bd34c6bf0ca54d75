import type * as vscode from 'vscode';
import type { ChatHost } from '../core/chat/host.ts';
import type { HostMessage } from '../shared/chat/hostMessage.ts';
import { saveFile } from './saveFile.ts';
import { showPage } from './webviewPage.ts';

/** The chat's id in the manifest. */
export const CHAT_VIEW = 'agentcoreWorkbench.chat';

/** What the chat's view is made with. */
export interface ChatViewOptions {
  /** Where the chat's bundle is. */
  readonly folder: vscode.Uri;
  /** The conversation, loaded when it is first wanted. */
  readonly chat: () => Promise<ChatHost>;
  readonly logger: { error(message: string): void };
  readonly onOpen: () => void;
  /** The view wants its agents compared. */
  readonly onCompare: () => void;
}

/** Shows the conversation in the side bar. */
export function createChatView(options: ChatViewOptions): vscode.WebviewViewProvider {
  const { folder, chat, logger, onOpen, onCompare } = options;
  return {
    resolveWebviewView(view) {
      showPage<HostMessage>(
        {
          webview: view.webview,
          isVisible: () => view.visible,
          onVisibility: (listener) => view.onDidChangeVisibility(listener),
          onDispose: (listener) => view.onDidDispose(listener),
        },
        {
          folder,
          shows: 'chat',
          title: 'AgentCore Chat',
          logger,
          async connect(post) {
            const { receive, dispose } = (await chat()).connect((message) => {
              if (message.type !== 'file') return post(message);
              saveFile(message).catch((error: unknown) => logger.error(String(error)));
            });
            return {
              // Another tab is VS Code's affair, and none of the conversation's.
              receive: (message) => (isCompare(message) ? onCompare() : receive(message)),
              dispose,
            };
          },
        },
      );
      onOpen();
    },
  };
}

function isCompare(message: unknown): boolean {
  return (message as { type?: unknown } | null)?.type === 'compare';
}
