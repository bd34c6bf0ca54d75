import * as vscode from 'vscode';
import { commandIds } from './commandIds.ts';

/** Opens the chat for a `vscode:` link with the path /chat, the only supported path. */
export async function openChatByUri({ path }: vscode.Uri): Promise<void> {
  if (path === '/chat') await vscode.commands.executeCommand(commandIds.openChat);
  else
    void vscode.window.showErrorMessage(
      `AgentCore Workbench cannot open ${path}. The only supported path is /chat.`,
    );
}
