import type { ViewMessage } from '../../src/shared/chat/viewMessage.ts';
import type { ChatViewModel } from '../viewModel.ts';
import type { PanelName } from '../usePanels.ts';
import type { SlashCommand } from './commands.ts';

/** What can be done in a chat by writing its name. */
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
  const notBegun = turns.length > 0 ? null : 'This conversation has not begun yet.';
  const opening = (name: PanelName, title: string): SlashCommand => ({
    name,
    title,
    refusal: null,
    run: () => show(name),
  });
  return [
    { name: 'new', title: 'Begin a new conversation', refusal: notBegun, run: onNew },
    {
      name: 'stop',
      title: 'Stop the answer that is coming',
      refusal: running ? null : 'No answer is coming.',
      run: () => running && post({ type: 'stop', turn: running.id }),
    },
    ...(template === null
      ? []
      : [opening('template', 'Change what the agent is sent for a message')]),
    opening('session', 'Show the session: its id, its state, how to stop it'),
    opening('conversations', 'Show all conversations: find one, name it, remove it'),
    {
      name: 'compare',
      title: 'Compare two agents, or two versions of one, side by side',
      refusal: null,
      run: onCompare,
    },
    {
      name: 'export',
      title: 'Save this conversation as Markdown',
      refusal: notBegun,
      run: () => post({ type: 'export', as: 'markdown' }),
    },
  ];
}
