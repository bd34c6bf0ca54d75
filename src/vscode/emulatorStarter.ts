import * as vscode from 'vscode';
import type { EmulatorState } from '../core/emulator/emulatorState.ts';
import type { EmulatorProcess } from './emulatorProcess.ts';
import type { Projects } from './projects.ts';

/** Starts the emulator as the workspace and its settings say. */
export interface EmulatorStarter {
  /** What became of it; undefined when the user was asked for a project and wants none. */
  start(how: { readonly askAgain: boolean }): Promise<EmulatorState | undefined>;
  /** Starts it when nobody has yet; after that it is as the user left it. */
  startFirst(): Promise<void>;
}

/** Knows on which project the emulator is to run, and how. */
export function createEmulatorStarter(
  emulator: EmulatorProcess,
  projects: Projects,
): EmulatorStarter {
  let asked = false;

  async function start(how: { readonly askAgain: boolean }): Promise<EmulatorState | undefined> {
    if (!vscode.workspace.isTrusted) {
      throw new Error('To run the agents of a workspace is to run its code: trust it first.');
    }
    const project = await projects.choose(how);
    // Where there was none to choose, the first one that comes is still to be started.
    asked = true;
    if (project === undefined) return undefined;
    // Each folder of a workspace may have settings of its own.
    const settings = vscode.workspace.getConfiguration(
      'agentcoreWorkbench',
      vscode.Uri.file(project),
    );
    return emulator.start(project, {
      port: settings.get<number>('port', 0),
      engine: settings.get<string>('engine', ''),
    });
  }

  return {
    start,
    async startFirst() {
      if (!asked) await start({ askAgain: false });
    },
  };
}
