import * as vscode from 'vscode';
import type { Comparison } from '../core/comparison/comparison.ts';
import type { ComparisonHostMessage } from '../shared/chat/comparison.ts';
import { showPage } from './webviewPage.ts';

/** What the tab is made with. */
export interface ComparisonTabOptions {
  /** Where the chat's bundle is. */
  readonly folder: vscode.Uri;
  /** Loaded when it is first wanted. */
  readonly comparison: () => Promise<Comparison>;
  readonly logger: { error(message: string): void };
  readonly onOpen: () => void;
}

/** The one tab in which agents stand side by side. */
export interface ComparisonTab extends vscode.Disposable {
  /** Opens it, or brings it to the front. */
  show(): void;
}

const TITLE = 'Compare Agents';

/** Makes the tab, which is opened by `show`. */
export function createComparisonTab(options: ComparisonTabOptions): ComparisonTab {
  const { folder, comparison, logger, onOpen } = options;
  let panel: vscode.WebviewPanel | null = null;

  function open(): vscode.WebviewPanel {
    const opened = vscode.window.createWebviewPanel(
      'agentcoreWorkbench.comparison',
      TITLE,
      vscode.ViewColumn.Active,
    );
    showPage<ComparisonHostMessage>(
      {
        webview: opened.webview,
        isVisible: () => opened.visible,
        onVisibility: (listener) => opened.onDidChangeViewState(listener),
        onDispose: (listener) => opened.onDidDispose(listener),
      },
      {
        folder,
        shows: 'comparison',
        title: TITLE,
        logger,
        connect: async (post) => (await comparison()).connect(post),
      },
    );
    opened.onDidDispose(() => {
      if (panel === opened) panel = null;
    });
    onOpen();
    return opened;
  }

  return {
    show() {
      if (panel) panel.reveal();
      else panel = open();
    },
    dispose: () => panel?.dispose(),
  };
}
