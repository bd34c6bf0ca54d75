import * as vscode from 'vscode';
import type { CodeEditor } from '../core/chat/code/codeEditor.ts';

/** The names that people give to languages, where VS Code's own is another. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
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

/** VS Code's editors, for code out of the chat. */
export const codeEditor: CodeEditor = {
  selection() {
    const { document, selection } = editorInUse();
    const { start, end } = selection;
    // Of a line where the selection only begins to its end nothing is in it.
    const lastLine = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
    const whole = document.lineAt(start.line).range.union(document.lineAt(lastLine).range);
    return {
      name: vscode.workspace.asRelativePath(document.uri),
      language: document.languageId,
      firstLine: start.line + 1,
      lastLine: lastLine + 1,
      text: document.getText(selection.isEmpty ? whole : selection),
    };
  },

  async insert(text) {
    const editor = editorInUse();
    const done = await editor.edit((edit) => {
      for (const selection of editor.selections) edit.replace(selection, text);
    });
    if (!done) throw new Error(`${editor.document.fileName} cannot be changed`);
    await vscode.window.showTextDocument(editor.document, editor.viewColumn);
  },

  async open(text, language) {
    const known = await vscode.languages.getLanguages();
    const name = OTHER_NAMES[language] ?? language;
    const document = await vscode.workspace.openTextDocument({
      content: text,
      ...(known.includes(name) && { language: name }),
    });
    await vscode.window.showTextDocument(document);
  },
};

/**
 * The editor that had the focus before the chat in the side bar. Where the chat stands in a tab it is the
 * active one itself, and an editor in sight beside it is meant.
 */
function editorInUse(): vscode.TextEditor {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editor =
    activeTextEditor ?? visibleTextEditors.find(({ viewColumn }) => viewColumn !== undefined);
  if (!editor) throw new Error('no file is open in an editor beside the chat');
  return editor;
}
