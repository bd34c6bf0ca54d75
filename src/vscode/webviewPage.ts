import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Where a page is shown: a view or an editor's tab. */
export interface PageFrame {
  readonly webview: vscode.Webview;
  isVisible(): boolean;
  onVisibility(listener: () => void): void;
  onDispose(listener: () => void): void;
}

/** The host's end of a page. */
interface PageEnd {
  receive(message: unknown): void;
  dispose(): void;
}

/** What a page is made with. */
export interface WebviewPageOptions<Message> {
  /** Where the bundle is. */
  readonly folder: vscode.Uri;
  /** What of the bundle it shows, by its element's id. */
  readonly shows: 'chat' | 'comparison';
  readonly title: string;
  readonly connect: (post: (message: Message) => void) => Promise<PageEnd>;
  readonly logger: { error(message: string): void };
}

/** Shows a page of the bundle, and connects it with its host for as long as it is seen. */
export function showPage<Message>(
  { webview, isVisible, onVisibility, onDispose }: PageFrame,
  { folder, shows, title, connect, logger }: WebviewPageOptions<Message>,
): void {
  const report = (error: unknown) => logger.error(String(error));
  function open(): Promise<PageEnd> {
    const connecting = connect((message) => void webview.postMessage(message));
    connecting.catch(report);
    return connecting;
  }
  let connection = open();
  // Of one that could not be had is said why, once.
  const pass = (act: (to: PageEnd) => void) => void connection.then(act, () => {}).catch(report);
  const disconnect = () => pass((gone) => gone.dispose());

  // Before the page is there, so that its first word is not lost.
  webview.onDidReceiveMessage((message: unknown) => pass((to) => to.receive(message)));
  // What is hidden is unloaded; it is another page when it is shown again, and says so.
  onVisibility(() => {
    if (isVisible()) return;
    const gone = connection;
    connection = open();
    // In this order: its host is not left alone for a moment.
    void connection
      .catch(() => {})
      .then(async () => (await gone).dispose())
      .catch(() => {});
  });
  onDispose(disconnect);

  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  webview.html = documentOf(webview, { folder, shows, title });
}

/** Nothing but the bundle runs or is loaded; an image in what an agent says need not be. */
function documentOf(
  webview: vscode.Webview,
  { folder, shows, title }: Pick<WebviewPageOptions<never>, 'folder' | 'shows' | 'title'>,
): string {
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
    <title>${title}</title>
    <link rel="stylesheet" href="${address('style.css')}" />
    <script type="module" nonce="${nonce}" src="${address('chat.js')}"></script>
  </head>
  <body>
    <main id="${shows}"></main>
  </body>
</html>`;
}
