import type * as vscode from 'vscode';
import type { ChatHost } from '../core/chat/chatHost.ts';
import type { HostMessage } from '../shared/chat/hostMessage.ts';
import { saveFile } from './saveFile.ts';
import { showPage, type WebviewPageOptions } from './webviewPage.ts';

/** The chat's id in the manifest: of the view, and of the tab. */
export const CHAT_VIEW = 'agentcoreWorkbench.chat';
export const CHAT_TAB = 'agentcoreWorkbench.chatTab';

/** What the chat's page is made with. */
export interface ChatPageOptions {
  /** Where the chat's bundle is. */
  readonly folder: vscode.Uri;
  /** The conversation, loaded when it is first wanted. */
  readonly chat: () => Promise<ChatHost>;
  readonly logger: { error(message: string): void };
  /** The page wants its agents compared. */
  readonly onCompare: () => void;
}

/** The conversation as a page, wherever it is shown. */
export function chatPage({
  folder,
  chat,
  logger,
  onCompare,
}: ChatPageOptions): WebviewPageOptions<HostMessage> {
  return {
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
  };
}

/** Shows a page in the side bar. */
export function createView<Message>(
  page: WebviewPageOptions<Message>,
  onOpen: () => void,
): vscode.WebviewViewProvider {
  return {
    resolveWebviewView(view) {
      showPage(
        {
          webview: view.webview,
          isVisible: () => view.visible,
          onVisibility: (listener) => view.onDidChangeVisibility(listener),
          onDispose: (listener) => view.onDidDispose(listener),
        },
        page,
      );
      onOpen();
    },
  };
}

function isCompare(message: unknown): boolean {
  return (message as { type?: unknown } | null)?.type === 'compare';
}
