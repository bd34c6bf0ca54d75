import type { ViewMessage } from '../../src/shared/schemas/viewMessage.ts';
import type { ChatViewModel } from '../viewModel.ts';
import type { PanelName } from '../usePanels.ts';
import type { SlashCommand } from './commands.ts';

/** Slash commands of a chat. */
export function chatCommands(
  { chat: { turns }, running, template, canAct }: ChatViewModel,
  {
    post,
    show,
    onNew,
    onCompare,
  }: {
    readonly post: (message: ViewMessage) => void;
    readonly show: (panel: PanelName) => void;
    readonly onNew: () => void;
    readonly onCompare: () => void;
  },
): readonly SlashCommand[] {
  if (!canAct) return [];
  const noTurns = turns.length > 0 ? null : 'This conversation has no messages.';
  const panelCommand = (name: PanelName, title: string): SlashCommand => ({
    name,
    title,
    unavailableReason: null,
    run: () => show(name),
  });
  return [
    { name: 'new', title: 'Start a new conversation', unavailableReason: noTurns, run: onNew },
    {
      name: 'stop',
      title: 'Stop the current answer',
      unavailableReason: running ? null : 'No answer is streaming.',
      run: () => running && post({ type: 'stop', turn: running.id }),
    },
    ...(template === null
      ? []
      : [panelCommand('template', 'Edit the payload template of this agent')]),
    panelCommand('session', 'Show the session: state, ID and Stop'),
    panelCommand('conversations', 'Search, rename and remove conversations'),
    {
      name: 'compare',
      title: 'Compare two agents or versions side by side',
      unavailableReason: null,
      run: onCompare,
    },
    {
      name: 'export',
      title: 'Save this conversation as Markdown',
      unavailableReason: noTurns,
      run: () => post({ type: 'export', as: 'markdown' }),
    },
  ];
}
