import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { ChatHost } from '../core/chat/host.ts';
import type { HostMessage } from '../shared/chat.ts';

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
}

/** Shows the conversation in the side bar. */
export function createChatView(options: ChatViewOptions): vscode.WebviewViewProvider {
  const { folder, chat, logger, onOpen } = options;
  return {
    resolveWebviewView(view) {
      const { webview } = view;
      const post = (message: HostMessage) => void webview.postMessage(message);
      const connect = () => chat().then((host) => host.connect(post));
      let connection = connect();
      const disconnect = () => void connection.then((gone) => gone.dispose());

      // Before the page is there, so that its first word is not lost.
      webview.onDidReceiveMessage((message: unknown) => {
        connection
          .then((to) => to.receive(message))
          .catch((error: unknown) => logger.error(String(error)));
      });
      // What is hidden is unloaded; it is another page when it is shown again, and says so.
      view.onDidChangeVisibility(() => {
        if (view.visible) return;
        disconnect();
        connection = connect();
      });
      view.onDidDispose(disconnect);

      webview.options = { enableScripts: true, localResourceRoots: [folder] };
      webview.html = page(webview, folder);
      onOpen();
    },
  };
}

/** Nothing but the chat's own bundle runs or is loaded. */
function page(webview: vscode.Webview, folder: vscode.Uri): string {
  const address = (name: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  const nonce = randomBytes(16).toString('base64');
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource}`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <title>AgentCore Chat</title>
    <link rel="stylesheet" href="${address('style.css')}" />
    <script type="module" nonce="${nonce}" src="${address('chat.js')}"></script>
  </head>
  <body>
    <main id="chat"></main>
  </body>
</html>`;
}
