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
  /** The state as a sentence, for the tooltip and for screen readers. */
  readonly description: string;
  /** Command that a click runs. */
  readonly command: string;
  /** Links in the tooltip. */
  readonly links: readonly (readonly [title: string, command: string])[];
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
    const { text, description, command, links } = withClock(appearance(state), state, clock);
    item.text = text;
    item.command = command;
    item.accessibilityInformation = { label: description };
    item.backgroundColor =
      state.status === 'failed'
        ? new vscode.ThemeColor('statusBarItem.errorBackground')
        : undefined;
    const linkText = links.map(([title, id]) => `[${title}](command:${id})`).join(' · ');
    const tooltip = new vscode.MarkdownString()
      .appendText(description)
      .appendMarkdown(`\n\n${linkText}`);
    tooltip.isTrusted = { enabledCommands: links.map(([, id]) => id) };
    item.tooltip = tooltip;
  }

  connection.onChange(onConnectionChange);
  onConnectionChange();
  return item;
}

/** Adds the offset of the emulator's clock, if there is one. */
function withClock(
  base: Appearance,
  { status }: EmulatorState,
  clock: ClockReading | null,
): Appearance {
  const ahead = clock && formatClockOffset(clock.offsetSeconds);
  if (!ahead) return base;
  const reset = ['Reset Clock and Restart', commandIds.resetClock] as const;
  return {
    ...base,
    text: `${base.text} $(clock) +${ahead}`,
    description: `${base.description} Its clock is ${ahead} ahead of real time.`,
    links: status === 'running' ? [...base.links, reset] : base.links,
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
        description: 'The local AgentCore is stopped.',
        command: commandIds.openChat,
        links: [start, log],
      };
    case 'starting':
      return {
        text: '$(loading~spin) AgentCore',
        description: 'The local AgentCore is starting.',
        command: commandIds.openChat,
        links: [stop, log],
      };
    case 'running':
      return {
        text: `$(circle-filled) AgentCore :${new URL(state.url).port}`,
        description: `The local AgentCore is running at ${withoutToken(state.url)}.`,
        command: commandIds.openChat,
        links: [stop, restart, page, copy, log],
      };
    case 'attached':
      return {
        text: `$(link) AgentCore :${new URL(state.url).port}`,
        description: `The local AgentCore is running at ${withoutToken(state.url)}. It was started elsewhere. Stop it in the window or terminal that started it.`,
        command: commandIds.openChat,
        links: [page, copy, log],
      };
    case 'stopping':
      return {
        text: '$(loading~spin) AgentCore',
        description: 'The local AgentCore is stopping its sessions.',
        command: commandIds.openChat,
        links: [log],
      };
    case 'failed':
      return {
        text: '$(error) AgentCore',
        description: `The local AgentCore is not running: ${state.failure.why}.`,
        command: commandIds.openChat,
        links: [start, log],
      };
  }
}
