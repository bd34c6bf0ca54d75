import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The view or editor tab that shows a page. */
export interface PageFrame {
  readonly webview: vscode.Webview;
  isVisible(): boolean;
  onVisibility(listener: () => void): void;
  onDispose(listener: () => void): void;
}

/** The host's side of the connection to a page. */
interface PageConnection {
  receive(message: unknown): void;
  dispose(): void;
}

/** Options of a webview page. */
export interface WebviewPageOptions<Message> {
  /** Folder of the webview bundle. */
  readonly folder: vscode.Uri;
  /** Id of the element in which the bundle renders. */
  readonly elementId: 'chat' | 'comparison';
  readonly title: string;
  readonly connect: (post: (message: Message) => void) => Promise<PageConnection>;
  readonly logger: { error(message: string): void };
}

/** Shows a page of the bundle, and connects it to its host while it is visible. */
export function showPage<Message>(
  { webview, isVisible, onVisibility, onDispose }: PageFrame,
  { folder, elementId, title, connect, logger }: WebviewPageOptions<Message>,
): void {
  const report = (error: unknown) => logger.error(String(error));
  function open(): Promise<PageConnection> {
    const connecting = connect((message) => void webview.postMessage(message));
    connecting.catch(report);
    return connecting;
  }
  let connection = open();
  // A failed connection is reported once, by `open`.
  const withConnection = (act: (current: PageConnection) => void) =>
    void connection.then(act, () => {}).catch(report);
  const disconnect = () => withConnection((current) => current.dispose());

  // Registered before the page loads, so that its first message is not lost.
  webview.onDidReceiveMessage((message: unknown) =>
    withConnection((current) => current.receive(message)),
  );
  // VS Code unloads a hidden page. The page that loads when it is shown again sends `ready` anew.
  onVisibility(() => {
    if (isVisible()) return;
    const previous = connection;
    connection = open();
    // Dispose only after the new connection is open, so that the host always has a view.
    void connection
      .catch(() => {})
      .then(async () => (await previous).dispose())
      .catch(() => {});
  });
  onDispose(disconnect);

  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  webview.html = renderDocument(webview, { folder, elementId, title });
}

/** Returns the HTML. The policy allows only the bundle, so that images in answers are not loaded. */
function renderDocument(
  webview: vscode.Webview,
  { folder, elementId, title }: Pick<WebviewPageOptions<never>, 'folder' | 'elementId' | 'title'>,
): string {
  const assetUrl = (name: string) =>
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
    <link rel="stylesheet" href="${assetUrl('style.css')}" />
    <script type="module" nonce="${nonce}" src="${assetUrl('chat.js')}"></script>
  </head>
  <body>
    <main id="${elementId}"></main>
  </body>
</html>`;
}
