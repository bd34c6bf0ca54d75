import * as vscode from 'vscode';

/** Says once, where something was asked for, that it failed; the log is a button away. */
export async function reportFailure(
  log: vscode.LogOutputChannel,
  behave: () => unknown,
): Promise<void> {
  try {
    await behave();
  } catch (error) {
    log.error(error as Error);
    void offerLog(log, (error as Error).message);
  }
}

async function offerLog(log: vscode.LogOutputChannel, message: string): Promise<void> {
  const showLog = 'Show Log';
  if ((await vscode.window.showErrorMessage(message, showLog)) === showLog) log.show();
}
