import * as vscode from 'vscode';
import type { EmulatorState } from '../core/emulator/emulatorState.ts';
import type { EmulatorClient } from '../core/emulatorClient/emulatorClient.ts';
import type { EmulatorConnection } from '../core/emulatorClient/emulatorConnection.ts';
import { formatClockOffset } from '../shared/clockOffset.ts';
import { withoutToken, type ClockReading } from '../shared/emulator.ts';
import { commandIds } from './commandIds.ts';
import type { EmulatorProcess } from './emulatorProcess.ts';

interface Appearance {
  readonly text: string;
  readonly says: string;
  /** What a click does. */
  readonly command: string;
  /** What the tooltip offers besides. */
  readonly offers: readonly (readonly [title: string, command: string])[];
}

/** Creates the status bar item that shows the emulator's state and clock. */
export function createStatusBar(
  emulator: EmulatorProcess,
  connection: EmulatorConnection,
): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem(
    'agentcoreWorkbench.emulator',
    vscode.StatusBarAlignment.Left,
  );
  item.name = 'AgentCore emulator';

  let client: EmulatorClient | null = null;
  let clock: ClockReading | null = null;
  let unsubscribe = () => {};

  /** The session store that the chats use also has the clock. */
  function onConnectionChange(): void {
    const current = connection.client();
    if (current !== client) {
      unsubscribe();
      client = current;
      clock = null;
      unsubscribe = client?.sessions.onChange(onClockChange) ?? (() => {});
    }
    show(emulator.state());
  }

  /** The store reports session changes too. They do not change the item. */
  function onClockChange(): void {
    const current = client?.sessions.clock() ?? null;
    if (current === clock) return;
    clock = current;
    show(emulator.state());
  }

  function show(state: EmulatorState): void {
    const { text, says, command, offers } = withClock(appearance(state), state, clock);
    item.text = text;
    item.command = command;
    item.accessibilityInformation = { label: says };
    item.backgroundColor =
      state.status === 'failed'
        ? new vscode.ThemeColor('statusBarItem.errorBackground')
        : undefined;
    const links = offers.map(([title, id]) => `[${title}](command:${id})`).join(' · ');
    const tooltip = new vscode.MarkdownString().appendText(says).appendMarkdown(`\n\n${links}`);
    tooltip.isTrusted = { enabledCommands: offers.map(([, id]) => id) };
    item.tooltip = tooltip;
  }

  connection.onChange(onConnectionChange);
  onConnectionChange();
  return item;
}

/** Adds how far the emulator's clock is ahead, if it is. */
function withClock(
  shown: Appearance,
  { status }: EmulatorState,
  clock: ClockReading | null,
): Appearance {
  const ahead = clock && formatClockOffset(clock.offsetSeconds);
  if (!ahead) return shown;
  const reset = ['Reset Clock and Restart', commandIds.resetClock] as const;
  return {
    ...shown,
    text: `${shown.text} $(clock) +${ahead}`,
    says: `${shown.says} Its clock is ${ahead} ahead of real time.`,
    offers: status === 'running' ? [...shown.offers, reset] : shown.offers,
  };
}

function appearance(state: EmulatorState): Appearance {
  const log = ['Show Log', commandIds.showLog] as const;
  const start = ['Start', commandIds.startEmulator] as const;
  const stop = ['Stop', commandIds.stopEmulator] as const;
  const restart = ['Restart', commandIds.restartEmulator] as const;
  const page = ['Open Chat in Browser', commandIds.openChatPage] as const;
  const copy = ['Copy URL', commandIds.copyUrl] as const;
  switch (state.status) {
    case 'stopped':
      return {
        text: '$(circle-outline) AgentCore',
        says: 'The local AgentCore is stopped.',
        command: commandIds.openChat,
        offers: [start, log],
      };
    case 'starting':
      return {
        text: '$(loading~spin) AgentCore',
        says: 'The local AgentCore is starting.',
        command: commandIds.openChat,
        offers: [stop, log],
      };
    case 'running':
      return {
        text: `$(circle-filled) AgentCore :${new URL(state.url).port}`,
        says: `The local AgentCore serves at ${withoutToken(state.url)}.`,
        command: commandIds.openChat,
        offers: [stop, restart, page, copy, log],
      };
    case 'attached':
      return {
        text: `$(link) AgentCore :${new URL(state.url).port}`,
        says: `The local AgentCore serves at ${withoutToken(state.url)}. It was started elsewhere, in another window or a terminal, and is ended there.`,
        command: commandIds.openChat,
        offers: [page, copy, log],
      };
    case 'stopping':
      return {
        text: '$(loading~spin) AgentCore',
        says: 'The local AgentCore is ending its sessions.',
        command: commandIds.openChat,
        offers: [log],
      };
    case 'failed':
      return {
        text: '$(error) AgentCore',
        says: `The local AgentCore is not running: ${state.failure.why}.`,
        command: commandIds.openChat,
        offers: [start, log],
      };
  }
}
