import * as vscode from 'vscode';
import type { EmulatorState } from '../core/emulator/emulatorState.ts';
import type { EmulatorProcess } from './emulatorProcess.ts';
import { readModelSettings } from '../core/emulator/modelSettings.ts';
import type { Projects } from './projects.ts';

/** Starts the emulator on the workspace's project with the user's settings. */
export interface EmulatorStarter {
  /** Resolves to the emulator's state, or to undefined when the user chose no project. */
  start(options: { readonly alwaysAsk: boolean }): Promise<EmulatorState | undefined>;
  /** Starts the emulator unless a start was attempted before, so that a user's stop is respected. */
  startFirst(): Promise<void>;
}

/** Creates the starter, which chooses the project and reads its settings. */
export function createEmulatorStarter(
  emulator: EmulatorProcess,
  projects: Projects,
): EmulatorStarter {
  let attempted = false;

  async function start(options: {
    readonly alwaysAsk: boolean;
  }): Promise<EmulatorState | undefined> {
    if (!vscode.workspace.isTrusted) {
      throw new Error(
        'The local AgentCore runs only in a trusted workspace. Trust this workspace and try again.',
      );
    }
    const project = await projects.choose(options);
    // `choose` throws when there is no project; the first project that appears later is still started.
    attempted = true;
    if (project === undefined) return undefined;
    // Each workspace folder can have its own settings.
    const settings = vscode.workspace.getConfiguration(
      'agentcoreWorkbench',
      vscode.Uri.file(project),
    );
    return emulator.start(project, {
      port: settings.get<number>('port', 0),
      allowedPorts: settings.get<string>('allowedPorts', ''),
      engine: settings.get<string>('engine', ''),
      models: readModelSettings(settings),
    });
  }

  return {
    start,
    async startFirst() {
      if (!attempted) await start({ alwaysAsk: false });
    },
  };
}
