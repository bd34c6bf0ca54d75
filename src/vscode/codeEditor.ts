import * as vscode from 'vscode';
import { forwardedPageAddress, pageAddress } from '../shared/chat/pageAddress.ts';
import type { CodeEditor } from '../core/chat/code/codeEditor.ts';

/** Common names of languages that have a different id in VS Code. */
const LANGUAGE_ALIASES: Readonly<Record<string, string>> = {
  bash: 'shellscript',
  sh: 'shellscript',
  shell: 'shellscript',
  zsh: 'shellscript',
  console: 'shellscript',
  js: 'javascript',
  ts: 'typescript',
  jsx: 'javascriptreact',
  tsx: 'typescriptreact',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  cs: 'csharp',
  'c++': 'cpp',
  golang: 'go',
  yml: 'yaml',
  md: 'markdown',
  docker: 'dockerfile',
  ps1: 'powershell',
};

/** Connects the chat's code blocks and attachments to VS Code's text editors. */
export const codeEditor: CodeEditor = {
  selection() {
    const { document, selection } = currentEditor();
    const { start, end } = selection;
    // A selection that ends at column 0 includes nothing of its last line.
    const lastLine = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
    const wholeLines = document.lineAt(start.line).range.union(document.lineAt(lastLine).range);
    return {
      name: vscode.workspace.asRelativePath(document.uri),
      language: document.languageId,
      firstLine: start.line + 1,
      lastLine: lastLine + 1,
      text: document.getText(selection.isEmpty ? wholeLines : selection),
    };
  },

  async insert(text) {
    const editor = currentEditor();
    const applied = await editor.edit((edit) => {
      for (const selection of editor.selections) edit.replace(selection, text);
    });
    if (!applied) throw new Error(`${editor.document.fileName} is read-only`);
    await vscode.window.showTextDocument(editor.document, editor.viewColumn);
  },

  async open(text, language) {
    const known = await vscode.languages.getLanguages();
    const name = LANGUAGE_ALIASES[language] ?? language;
    const document = await vscode.workspace.openTextDocument({
      content: text,
      ...(known.includes(name) && { language: name }),
    });
    await vscode.window.showTextDocument(document);
  },

  async openPage(pages, port, emulatorUrl) {
    const base = new URL(emulatorUrl);
    // A remote window forwards the emulator's port, but not names below localhost.
    const address =
      vscode.env.remoteName === undefined
        ? vscode.Uri.parse(pageAddress(pages, port, base))
        : await vscode.env.asExternalUri(vscode.Uri.parse(forwardedPageAddress(pages, port, base)));
    const options = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    await vscode.commands.executeCommand('simpleBrowser.api.open', address, options);
  },
};

/**
 * Returns the editor that had the focus before the chat. When the chat is in a tab, no text editor is active, so
 * this is a visible editor beside it.
 */
function currentEditor(): vscode.TextEditor {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editor =
    activeTextEditor ?? visibleTextEditors.find(({ viewColumn }) => viewColumn !== undefined);
  if (!editor)
    throw new Error('no file is open in an editor. Open a file beside the chat and try again');
  return editor;
}
