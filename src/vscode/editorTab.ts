import * as vscode from 'vscode';
import { showPage, type WebviewPageOptions } from './webviewPage.ts';

/** A tab among the editors that shows a page of the bundle; there is one of it at most. */
export interface EditorTab extends vscode.Disposable {
  /** Opens it, or brings it to the front. */
  show(): void;
  /** Whether it is what the user is at. */
  isActive(): boolean;
}

/** What a tab is made with. */
export interface EditorTabOptions<Message> extends WebviewPageOptions<Message> {
  /** What the manifest calls it. */
  readonly id: string;
  readonly onOpen: () => void;
}

/** Makes a tab, which is opened by `show`, or by VS Code where it stood in the window before. */
export function createEditorTab<Message>({
  id,
  onOpen,
  ...page
}: EditorTabOptions<Message>): EditorTab {
  let panel: vscode.WebviewPanel | null = null;

  function fill(opened: vscode.WebviewPanel): void {
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

  const restoring = vscode.window.registerWebviewPanelSerializer(id, {
    async deserializeWebviewPanel(restored) {
      fill(restored);
    },
  });

  return {
    show() {
      if (panel) panel.reveal();
      else fill(vscode.window.createWebviewPanel(id, page.title, vscode.ViewColumn.Active));
    },
    isActive: () => panel?.active ?? false,
    dispose() {
      restoring.dispose();
      panel?.dispose();
    },
  };
}
