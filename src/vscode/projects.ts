import { dirname } from 'node:path';
import * as vscode from 'vscode';

/** Finds agent projects in the workspace. */
export interface Projects {
  /** Returns the project folders, shortest path first. */
  find(): Promise<string[]>;
  /**
   * Returns the only project, the one chosen before, or the one that the user picks. Undefined when the user cancels.
   * Rejects when there is no project.
   */
  choose(options: { readonly alwaysAsk: boolean }): Promise<string | undefined>;
  /** True when there is a project of the starter toolkit, which is not supported yet. */
  hasToolkitProject(): Promise<boolean>;
  /** Calls the listener when projects may have appeared or disappeared. */
  onChange(listener: () => void): vscode.Disposable;
  dispose(): void;
}

const PROJECT_FILE = '**/agentcore/agentcore.json';

/** Includes the folder, because VS Code may report no file events when a whole folder is created or deleted. */
const WATCHED = '**/agentcore{,/agentcore.json}';

/** Folders that hold copies of projects or installed packages. */
const EXCLUDED = '**/{node_modules,.agentcore,dist,.venv}/**';

/** Key of the chosen project in the workspace state. */
const CHOSEN_PROJECT = 'project';

/** Finds projects by `agentcore.json`, and stores the user's choice in the workspace state. */
export function createProjects(workspaceState: vscode.Memento): Projects {
  const watcher = vscode.workspace.createFileSystemWatcher(WATCHED, false, true, false);

  async function find(): Promise<string[]> {
    const files = await vscode.workspace.findFiles(PROJECT_FILE, EXCLUDED);
    const depth = (path: string) => path.split(/[/\\]/).length;
    return files
      .map(({ fsPath }) => dirname(dirname(fsPath)))
      .toSorted((one, other) => depth(one) - depth(other) || one.localeCompare(other));
  }

  return {
    find,
    async choose({ alwaysAsk }) {
      const found = await find();
      if (found.length === 0) {
        throw new Error(
          'No agent project found. Open a folder that has an agentcore/agentcore.json file.',
        );
      }
      if (found.length === 1) return found[0];
      const previous = workspaceState.get<string>(CHOSEN_PROJECT);
      if (!alwaysAsk && previous !== undefined && found.includes(previous)) return previous;
      const chosen = await vscode.window.showQuickPick(
        found
          .toSorted((one, other) => Number(other === previous) - Number(one === previous))
          .map((project) => ({ label: vscode.workspace.asRelativePath(project, true), project })),
        {
          title: 'AgentCore',
          placeHolder: 'Select the project to run in the local AgentCore',
          // The picker opens by itself, so a focus change while the window loads must not close it.
          ignoreFocusOut: true,
        },
      );
      if (chosen) await workspaceState.update(CHOSEN_PROJECT, chosen.project);
      return chosen?.project;
    },
    async hasToolkitProject() {
      const found = await vscode.workspace.findFiles('**/.bedrock_agentcore.yaml', EXCLUDED, 1);
      return found.length > 0;
    },
    onChange(listener) {
      return vscode.Disposable.from(
        watcher.onDidCreate(listener),
        watcher.onDidDelete(listener),
        vscode.workspace.onDidChangeWorkspaceFolders(listener),
      );
    },
    dispose: () => void watcher.dispose(),
  };
}
