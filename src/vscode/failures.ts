import * as vscode from 'vscode';

/** Runs an action. Logs its error and shows it once, with a button that opens the log. */
export async function reportFailure(
  log: vscode.LogOutputChannel,
  action: () => unknown,
): Promise<void> {
  try {
    await action();
  } catch (error) {
    log.error(error as Error);
    void showError(log, (error as Error).message);
  }
}

async function showError(log: vscode.LogOutputChannel, message: string): Promise<void> {
  const showLog = 'Show Log';
  if ((await vscode.window.showErrorMessage(message, showLog)) === showLog) log.show();
}
