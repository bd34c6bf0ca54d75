import * as vscode from 'vscode';
import type { FileMessage } from '../shared/chat/hostMessage.ts';

/** Asks the user for a location and writes the file there. */
export async function saveFile({ name, content }: FileMessage): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const destination = await vscode.window.showSaveDialog({
    title: 'Export Conversation',
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder.uri, name) }),
  });
  if (destination)
    await vscode.workspace.fs.writeFile(destination, new TextEncoder().encode(content));
}
