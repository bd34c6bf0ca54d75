import type * as vscode from 'vscode';
import type { ChatHost } from '../core/chat/chatHost.ts';
import type { HostMessage } from '../shared/chat/hostMessage.ts';
import { saveFile } from './saveFile.ts';
import { showPage, type WebviewPageOptions } from './webviewPage.ts';

/** Ids of the chat's view and tab in the manifest. */
export const CHAT_VIEW = 'agentcoreWorkbench.chat';
export const CHAT_TAB = 'agentcoreWorkbench.chatTab';

/** Dependencies of the chat's page. */
export interface ChatPageOptions {
  /** Folder of the webview bundle. */
  readonly folder: vscode.Uri;
  /** Returns the chat; loads it on the first call. */
  readonly chat: () => Promise<ChatHost>;
  readonly logger: { error(message: string): void };
  /** Called when the page asks to compare agents. */
  readonly onCompare: () => void;
}

/** Returns the options of the chat's page, for the view and for the tab. */
export function chatPage({
  folder,
  chat,
  logger,
  onCompare,
}: ChatPageOptions): WebviewPageOptions<HostMessage> {
  return {
    folder,
    elementId: 'chat',
    title: 'AgentCore Chat',
    logger,
    async connect(post) {
      const { receive, dispose } = (await chat()).connect((message) => {
        if (message.type !== 'file') return post(message);
        saveFile(message).catch((error: unknown) => logger.error(String(error)));
      });
      return {
        // VS Code opens other tabs, not the chat host.
        receive: (message) => (isCompare(message) ? onCompare() : receive(message)),
        dispose,
      };
    },
  };
}

/** Creates a provider that shows a page in the side bar. */
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
