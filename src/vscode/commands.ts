import * as vscode from 'vscode';
import type { ChatHost } from '../core/chat/chatHost.ts';
import { emulatorUrl } from '../core/emulator/emulatorState.ts';
import { createAdminClient } from '../core/emulatorClient/adminClient.ts';
import { CHAT_VIEW } from './chatView.ts';
import { chooseModel } from './chooseModel.ts';
import { commandIds } from './commandIds.ts';
import type { EditorTab } from './editorTab.ts';
import type { EmulatorProcess } from './emulatorProcess.ts';
import type { EmulatorStarter } from './emulatorStarter.ts';
import { reportFailure } from './failures.ts';
import type { Projects } from './projects.ts';

/** Dependencies of the commands. */
export interface CommandOptions {
  readonly emulator: EmulatorProcess;
  readonly starter: EmulatorStarter;
  readonly projects: Projects;
  readonly chat: () => Promise<ChatHost>;
  readonly chatTab: EditorTab;
  readonly comparison: EditorTab;
  readonly log: vscode.LogOutputChannel;
}

/** Registers all commands of the manifest. A failed command shows its error. */
export function registerCommands({
  emulator,
  starter,
  projects,
  chat,
  chatTab,
  comparison,
  log,
}: CommandOptions): vscode.Disposable {
  async function start(options: { readonly alwaysAsk: boolean }): Promise<void> {
    const state = await starter.start(options);
    if (state?.status !== 'failed') return;
    throw new Error(`The local AgentCore did not start: ${state.failure.why}.`);
  }

  function requireUrl(): string {
    const url = emulatorUrl(emulator.state());
    if (url === null)
      throw new Error('The local AgentCore is not running. Start it and try again.');
    return url;
  }

  async function restart(): Promise<void> {
    await emulator.stop();
    await start({ alwaysAsk: false });
  }

  const focusView = () => vscode.commands.executeCommand(`${CHAT_VIEW}.focus`);
  // A user who works in the chat tab stays there.
  const showChat = async () => void (chatTab.isActive() || (await focusView()));

  const handlers: Record<keyof typeof commandIds, () => unknown> = {
    startEmulator: () => start({ alwaysAsk: true }),
    stopEmulator: () => emulator.stop(),
    restartEmulator: restart,
    async resetClock() {
      await createAdminClient(requireUrl()).resetClock();
      await restart();
    },
    openChat: focusView,
    openChatTab: chatTab.show,
    async newConversation() {
      (await chat()).receive({ type: 'newConversation' });
      await showChat();
    },
    async showConversations() {
      await showChat();
      (await chat()).showConversations();
    },
    compareAgents: comparison.show,
    async addSelection() {
      (await chat()).receive({ type: 'attachSelection' });
      await showChat();
    },
    openChatPage: () => vscode.env.openExternal(vscode.Uri.parse(`${requireUrl()}/`)),
    copyUrl: () => vscode.env.clipboard.writeText(requireUrl()),
    chooseModel: () => chooseModel(emulator, projects),
    showLog: () => log.show(),
  };
  const registered = Object.entries(handlers).map(([name, handler]) =>
    vscode.commands.registerCommand(commandIds[name as keyof typeof commandIds], () =>
      reportFailure(log, handler),
    ),
  );
  return vscode.Disposable.from(...registered);
}
