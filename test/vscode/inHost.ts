// Runs inside VS Code's extension host, which calls `run`, in a workspace of one empty folder. The bundle
// uses no test runner, so that code-server and the desktop's VS Code run the same checks.
import assert from 'node:assert/strict';
import { appendFile, cp, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Workbench } from '../../src/extension.ts';
import type { ChatState } from '../../src/shared/chat/state.ts';
import { applyChange } from '../../src/shared/chat/applyChange.ts';
import { answerText } from '../../src/shared/chat/turn.ts';

const extension = vscode.extensions.getExtension<Workbench>(
  'agentcore-workbench.agentcore-workbench',
)!;
const command = (name: string) => vscode.commands.executeCommand(`agentcoreWorkbench.${name}`);

const checks: Readonly<Record<string, () => Promise<string | void>>> = {
  async 'The extension is not active before it is needed.'() {
    assert.equal(extension.isActive, false);
  },

  async 'Activation loads a single file:'() {
    await extension.activate();
    // The chat is most of the code. It is loaded when the chat is first used.
    const loaded = Object.keys(createRequire(extension.extensionPath).cache);
    const ours = loaded.filter((file) => file.startsWith(join(extension.extensionPath, 'dist')));
    assert.deepEqual(ours.map((file) => basename(file)).toSorted(), [
      'extension.cjs',
      'inHost.cjs',
    ]);
    const { load, call } = await activationTimes();
    return `${load} ms to load and ${call} ms to run`;
  },

  async 'Every command of the manifest is registered.'() {
    const { contributes } = extension.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const registered = await vscode.commands.getCommands(true);
    for (const { command } of contributes.commands)
      assert.ok(registered.includes(command), command);
  },

  async 'A start without a project starts nothing.'() {
    await command('startEmulator');
    assert.equal(extension.exports.emulator.state().status, 'stopped');
  },

  async 'A project that was added to the workspace is started.'() {
    await copySample(vscode.workspace.workspaceFolders![0]!.uri.fsPath);
    await command('startEmulator');
    const state = extension.exports.emulator.state();
    assert.ok(state.status === 'running', JSON.stringify(state));
    const health = await fetch(`${state.url}/_emulator/health`);
    assert.equal(((await health.json()) as { status: string }).status, 'ready');
  },

  async 'The agent answers in the chat.'() {
    assert.equal(await ask('12 * 7'), 'That is 84.');
  },

  async 'The stop command stops the emulator.'() {
    await command('stopEmulator');
    assert.equal(extension.exports.emulator.state().status, 'stopped');
  },
};

/** Runs every check and reports each outcome. */
export async function run(): Promise<void> {
  for (const [name, check] of Object.entries(checks)) {
    let outcome;
    try {
      outcome = [name, await check()].join(' ').trim();
    } catch (error) {
      outcome = `${name}: ${(error as Error).stack}`;
      throw error;
    } finally {
      await report(outcome);
    }
  }
}

/** Prints an outcome, and appends it to the report file if there is one. */
async function report(outcome = ''): Promise<void> {
  console.log(outcome);
  const file = process.env['WORKBENCH_IN_HOST_REPORT'];
  if (file) await appendFile(file, `${outcome}\n`);
}

/** Reads the activation times that VS Code measured, in milliseconds. */
async function activationTimes(): Promise<{ load: number; call: number }> {
  await vscode.commands.executeCommand('perfview.show');
  const isStats = ({ uri, getText }: vscode.TextDocument) =>
    uri.scheme === 'perf' && getText().includes(`| ${extension.id} `);
  let stats: vscode.TextDocument | undefined;
  for (let attempt = 0; !stats && attempt < 400; attempt++) {
    stats = vscode.workspace.textDocuments.find(isStats);
    if (!stats) await sleep(50);
  }
  assert.ok(stats, 'VS Code shows its measurements.');
  const [, load, call] = stats
    .getText()
    .match(new RegExp(`\\| ${extension.id} +\\|[^|]*\\| *(\\d+) +\\| *(\\d+) `))!;
  return { load: Number(load), call: Number(call) };
}

/** Copies the sample project and links its packages. */
async function copySample(folder: string): Promise<void> {
  const sample = join(extension.extensionPath, 'agent-templates', 'typescript-basic');
  const packages = join('app', 'Assistant', 'node_modules');
  await cp(sample, folder, {
    recursive: true,
    filter: (path) => !/[/\\](?:node_modules|\.agentcore)$/.test(path),
  });
  await symlink(join(sample, packages), join(folder, packages), 'junction');
}

/** Sends a prompt through a view of the chat host and resolves to the answer's text. */
async function ask(prompt: string): Promise<string> {
  const host = await extension.exports.chat();
  let state: ChatState | undefined;
  let sent = false;
  return new Promise((resolve, reject) => {
    const view = host.connect((message) => {
      if (message.type === 'raw' || message.type === 'file' || message.type === 'found') return;
      if (message.type === 'machines' || message.type === 'showConversations') return;
      if (message.type === 'unsent' || message.type === 'models') return;
      state = message.type === 'state' ? message.state : applyChange(state!, message);
      const { connection, agent, turns } = state;
      if (connection.state === 'ready' && agent !== null && !sent) {
        sent = true;
        view.receive({ type: 'send', prompt });
      }
      const turn = turns.at(-1);
      if (turn?.outcome?.type === 'completed') resolve(answerText(turn));
      else if (turn?.outcome) reject(new Error(JSON.stringify(turn.outcome)));
    });
    view.receive({ type: 'ready' });
  });
}
