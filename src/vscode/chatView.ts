import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { ChatHost } from '../core/chat/host.ts';
import type { ChatView } from '../core/chat/views.ts';
import type { HostMessage } from '../shared/chat/hostMessage.ts';
import { saveFile } from './saveFile.ts';

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
      const report = (error: unknown) => logger.error(String(error));
      function post(message: HostMessage): void {
        if (message.type === 'file') saveFile(message).catch(report);
        else void webview.postMessage(message);
      }
      function connect(): Promise<ChatView> {
        const connecting = chat().then((host) => host.connect(post));
        connecting.catch(report);
        return connecting;
      }
      let connection = connect();
      // Of one that could not be had is said why, once.
      const pass = (act: (to: ChatView) => void) =>
        void connection.then(act, () => {}).catch(report);
      const disconnect = () => pass((gone) => gone.dispose());

      // Before the page is there, so that its first word is not lost.
      webview.onDidReceiveMessage((message: unknown) => pass((to) => to.receive(message)));
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

/** Nothing but the chat's own bundle runs or is loaded; an image in what an agent says need not be. */
function page(webview: vscode.Webview, folder: vscode.Uri): string {
  const address = (name: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    'img-src data:',
  ].join('; ');
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
