import * as vscode from 'vscode';
import { commandIds } from './commandIds.ts';

/** Follows a link to this extension: `…/chat` is all there is. */
export async function openChatByUri({ path }: vscode.Uri): Promise<void> {
  if (path === '/chat') await vscode.commands.executeCommand(commandIds.openChat);
  else void vscode.window.showErrorMessage(`AgentCore Workbench has no ${path}; it has /chat.`);
}
