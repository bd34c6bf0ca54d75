import * as vscode from 'vscode';
import type { FileMessage } from '../shared/chat/hostMessage.ts';

/** Asks where a file is to go, and writes it there. */
export async function saveFile({ name, content }: FileMessage): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const place = await vscode.window.showSaveDialog({
    title: 'Export Conversation',
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder.uri, name) }),
  });
  if (place) await vscode.workspace.fs.writeFile(place, new TextEncoder().encode(content));
}
