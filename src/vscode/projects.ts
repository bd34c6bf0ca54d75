import { dirname } from 'node:path';
import * as vscode from 'vscode';

/** The agent projects in the workspace's folders. */
export interface Projects {
  /** Their folders, those nearest to a workspace folder's root first. */
  find(): Promise<string[]>;
  /**
   * One of them: the only one, the one that was chosen before, or the one that the user chooses now.
   * Rejects where there is none; nothing is chosen when the user wants none.
   */
  choose(how: { readonly askAgain: boolean }): Promise<string | undefined>;
  /** Whether there is a project of the older starter toolkit, which is not read yet. */
  hasToolkitProject(): Promise<boolean>;
  /** Calls back when the workspace has come to hold projects or none. */
  onChange(listener: () => void): vscode.Disposable;
  dispose(): void;
}

const FILE = '**/agentcore/agentcore.json';

/** Of what is in a folder that comes or goes as a whole, VS Code may tell nothing. */
const FILE_AND_FOLDER = '**/agentcore{,/agentcore.json}';

/** Copies of projects, and what is installed, are none to run. */
const NOT_IN = '**/{node_modules,.agentcore,dist,.venv}/**';

const CHOSEN = 'project';

/** Finds projects by the official CLI's file, and remembers in the workspace which was chosen. */
export function createProjects(memory: vscode.Memento): Projects {
  const watcher = vscode.workspace.createFileSystemWatcher(FILE_AND_FOLDER, false, true, false);

  async function find(): Promise<string[]> {
    const files = await vscode.workspace.findFiles(FILE, NOT_IN);
    const depth = (path: string) => path.split(/[/\\]/).length;
    return files
      .map(({ fsPath }) => dirname(dirname(fsPath)))
      .toSorted((one, other) => depth(one) - depth(other) || one.localeCompare(other));
  }

  return {
    find,
    async choose({ askAgain }) {
      const found = await find();
      if (found.length === 0) {
        throw new Error(
          'There is no agent project here: no folder has an agentcore/agentcore.json.',
        );
      }
      if (found.length === 1) return found[0];
      const before = memory.get<string>(CHOSEN);
      if (!askAgain && before !== undefined && found.includes(before)) return before;
      const chosen = await vscode.window.showQuickPick(
        found
          .toSorted((one, other) => Number(other === before) - Number(one === before))
          .map((project) => ({ label: vscode.workspace.asRelativePath(project, true), project })),
        {
          title: 'AgentCore',
          placeHolder: 'Which project should the local AgentCore run?',
          // It comes up by itself: what takes the focus while a window opens must not close it.
          ignoreFocusOut: true,
        },
      );
      if (chosen) await memory.update(CHOSEN, chosen.project);
      return chosen?.project;
    },
    async hasToolkitProject() {
      const found = await vscode.workspace.findFiles('**/.bedrock_agentcore.yaml', NOT_IN, 1);
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
