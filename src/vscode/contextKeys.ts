import * as vscode from 'vscode';
import type { EmulatorProcess } from './emulatorProcess.ts';
import type { Projects } from './projects.ts';

/** Keeps the context keys of the manifest's `when` clauses up to date, and shows or hides the status bar item. */
export function trackContextKeys(
  emulator: EmulatorProcess,
  projects: Projects,
  statusBar: vscode.StatusBarItem,
  logger: { error(message: string): void },
): vscode.Disposable {
  const set = (key: string, value: unknown) =>
    void vscode.commands.executeCommand('setContext', `agentcoreWorkbench.${key}`, value);

  let hasProject = false;
  let searches = 0;

  function update(): void {
    const { status } = emulator.state();
    // A running emulator stays visible even after its project file was deleted.
    const isRelevant = hasProject || (status !== 'stopped' && status !== 'failed');
    set('emulator', status);
    set('hasProject', isRelevant);
    if (isRelevant) statusBar.show();
    else statusBar.hide();
  }

  async function searchProjects(): Promise<void> {
    const search = ++searches;
    try {
      const found = await projects.find();
      const hasToolkitProject = found.length === 0 && (await projects.hasToolkitProject());
      // Searches can finish out of order; only the latest counts.
      if (search !== searches) return;
      hasProject = found.length > 0;
      set('hasToolkitProject', hasToolkitProject);
      update();
    } catch (error) {
      logger.error(`Cannot search for agent projects: ${(error as Error).message}`);
    }
    // The workspace may still have a project until the first search ends.
    set('hasSearched', true);
  }

  update();
  void searchProjects();
  return vscode.Disposable.from(
    { dispose: emulator.onChange(update) },
    projects.onChange(() => void searchProjects()),
  );
}
