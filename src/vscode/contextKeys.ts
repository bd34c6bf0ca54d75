import * as vscode from 'vscode';
import type { EmulatorProcess } from './emulatorProcess.ts';
import type { Projects } from './projects.ts';

/** Keeps what the manifest's `when` clauses ask for, and the status bar's item where it is of use. */
export function keepContextKeys(
  emulator: EmulatorProcess,
  projects: Projects,
  statusBar: vscode.StatusBarItem,
): vscode.Disposable {
  const set = (key: string, value: unknown) =>
    void vscode.commands.executeCommand('setContext', `agentcoreWorkbench.${key}`, value);

  async function lookForProjects(): Promise<void> {
    const found = await projects.find();
    set('hasProject', found.length > 0);
    set('hasToolkitProject', found.length === 0 && (await projects.hasToolkitProject()));
    if (found.length > 0) statusBar.show();
    else statusBar.hide();
  }

  const showStatus = () => set('emulator', emulator.state().status);
  showStatus();
  void lookForProjects();
  return vscode.Disposable.from(
    { dispose: emulator.onChange(showStatus) },
    projects.onChange(() => void lookForProjects()),
  );
}
