import * as vscode from 'vscode';
import type { EmulatorProcess } from './emulatorProcess.ts';
import type { Projects } from './projects.ts';

/** Keeps what the manifest's `when` clauses ask for, and the status bar's item where it is of use. */
export function keepContextKeys(
  emulator: EmulatorProcess,
  projects: Projects,
  statusBar: vscode.StatusBarItem,
  logger: { error(message: string): void },
): vscode.Disposable {
  const set = (key: string, value: unknown) =>
    void vscode.commands.executeCommand('setContext', `agentcoreWorkbench.${key}`, value);

  let hasProject = false;
  let looks = 0;

  function show(): void {
    const { status } = emulator.state();
    // An emulator outlives the file that it was started by, and is not to be out of sight.
    const isOfUse = hasProject || (status !== 'stopped' && status !== 'failed');
    set('emulator', status);
    set('hasProject', isOfUse);
    if (isOfUse) statusBar.show();
    else statusBar.hide();
  }

  async function lookForProjects(): Promise<void> {
    const look = ++looks;
    try {
      const found = await projects.find();
      const hasToolkitProject = found.length === 0 && (await projects.hasToolkitProject());
      // They may end in another order than they began.
      if (look !== looks) return;
      hasProject = found.length > 0;
      set('hasToolkitProject', hasToolkitProject);
      show();
    } catch (error) {
      logger.error(`cannot look for projects: ${(error as Error).message}`);
    }
  }

  show();
  void lookForProjects();
  return vscode.Disposable.from(
    { dispose: emulator.onChange(show) },
    projects.onChange(() => void lookForProjects()),
  );
}
