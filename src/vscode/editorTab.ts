import * as vscode from 'vscode';
import { showPage, type WebviewPageOptions } from './webviewPage.ts';

/** An editor tab that shows a webview page. At most one is open. */
export interface EditorTab extends vscode.Disposable {
  /** Opens the tab, or brings it to the front. */
  show(): void;
  /** True while the tab is the active editor. */
  isActive(): boolean;
}

/** Options of an editor tab. */
export interface EditorTabOptions<Message> extends WebviewPageOptions<Message> {
  /** The webview panel's type, as in the manifest's activation events. */
  readonly id: string;
  readonly onOpen: () => void;
}

/** Creates a tab. `show` opens it; VS Code restores it when a window reloads. */
export function createEditorTab<Message>({
  id,
  onOpen,
  ...page
}: EditorTabOptions<Message>): EditorTab {
  let panel: vscode.WebviewPanel | null = null;

  function attach(opened: vscode.WebviewPanel): void {
    panel = opened;
    showPage(
      {
        webview: opened.webview,
        isVisible: () => opened.visible,
        onVisibility: (listener) => opened.onDidChangeViewState(listener),
        onDispose: (listener) => opened.onDidDispose(listener),
      },
      page,
    );
    opened.onDidDispose(() => {
      if (panel === opened) panel = null;
    });
    onOpen();
  }

  const serializer = vscode.window.registerWebviewPanelSerializer(id, {
    async deserializeWebviewPanel(restored) {
      attach(restored);
    },
  });

  return {
    show() {
      if (panel) panel.reveal();
      else attach(vscode.window.createWebviewPanel(id, page.title, vscode.ViewColumn.Active));
    },
    isActive: () => panel?.active ?? false,
    dispose() {
      serializer.dispose();
      panel?.dispose();
    },
  };
}
