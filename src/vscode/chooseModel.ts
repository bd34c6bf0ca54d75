import * as vscode from 'vscode';
import { describeModel } from '../shared/modelName.ts';
import {
  isAccountUsed,
  listModelOptions,
  MODEL_FORMS,
  validateModel,
} from '../shared/modelOptions.ts';
import { DEFAULT_MODEL } from '../shared/modelSpec.ts';
import type { EmulatorProcess } from './emulatorProcess.ts';
import type { Projects } from './projects.ts';

const TITLE = 'Choose Model';

interface ModelItem extends vscode.QuickPickItem {
  /** The backend, or an example that the user edits. */
  readonly model: string;
  readonly isExample: boolean;
}

/** Asks for the model backend of all agents. Applies it at once, and stores it in the project's settings. */
export async function chooseModel(emulator: EmulatorProcess, projects: Projects): Promise<void> {
  const project = await projects.choose({ alwaysAsk: false });
  if (project === undefined) return;
  const admin = emulator.client()?.admin;
  const settings = vscode.workspace.getConfiguration(
    'agentcoreWorkbench',
    vscode.Uri.file(project),
  );
  const current =
    (await admin?.models())?.default ?? (settings.get<string>('model') || DEFAULT_MODEL);
  const model = await askForModel(current, (await admin?.ollamaModels()) ?? []);
  if (model === undefined) return;
  // A backend that cannot be used is not stored.
  await admin?.chooseModel(model);
  await settings.update('model', model, vscode.ConfigurationTarget.WorkspaceFolder);
}

/** Resolves to a backend, or to undefined if the user cancels. */
async function askForModel(
  current: string,
  ollama: readonly string[],
): Promise<string | undefined> {
  const known = listModelOptions(ollama).map(({ model }) => model);
  // The first item is selected, so that Enter changes nothing.
  const options = [...new Set([current, ...known])].map((model) => ({
    model,
    label: describeModel(model),
    isExample: false,
    description: describeUse(model, current),
  }));
  const forms = MODEL_FORMS.map(({ label, example }) => ({
    model: example,
    label,
    isExample: true,
  }));
  const chosen = await vscode.window.showQuickPick<ModelItem>([...options, ...forms], {
    title: TITLE,
    placeHolder: 'Select the model backend of all agents. Applies to the next call',
  });
  if (!chosen?.isExample) return chosen?.model;
  const written = await vscode.window.showInputBox({
    title: `${TITLE}: ${chosen.label.replace('…', '')}`,
    value: chosen.model,
    ignoreFocusOut: true,
    validateInput: (text) => validateModel(text.trim()),
  });
  return written?.trim();
}

function describeUse(model: string, current: string): string {
  const account = isAccountUsed(model) ? 'uses your account' : '';
  return [model === current ? 'current' : '', account].filter((part) => part !== '').join(', ');
}
