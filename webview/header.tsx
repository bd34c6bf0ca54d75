import type { JSX, TargetedEvent } from 'preact';
import type { ViewMessage } from '../src/shared/schemas/viewMessage.ts';
import { IconButton } from './iconButton.tsx';
import { Icon } from './icons.tsx';
import { SessionButton } from './session/sessionButton.tsx';
import type { ChatViewModel } from './viewModel.ts';
import { AgentSelect } from './targets/agentSelect.tsx';
import { PreviewAction } from './session/previewAction.tsx';
import type { PanelName, Panels } from './usePanels.ts';

/** Shows the agent and the session, and opens panels. */
export function Header({
  viewModel: { chat, agent, canAct },
  panels,
  hasTitleBar,
  onNew,
  post,
}: {
  readonly viewModel: ChatViewModel;
  readonly panels: Panels;
  /** True if a title bar around the view offers the actions of the whole chat. */
  readonly hasTitleBar: boolean;
  readonly onNew: () => void;
  readonly post: (message: ViewMessage) => void;
}): JSX.Element {
  const { agents, aws, awsUnavailable, session, sessionId, turns } = chat;
  const toggleProps = (panel: PanelName) => ({
    'aria-expanded': panels.open === panel,
    onClick: ({ currentTarget }: TargetedEvent<HTMLButtonElement>) =>
      panels.toggle(panel, currentTarget),
  });
  return (
    <header>
      <h1 class="visuallyHidden">Chat</h1>
      <AgentSelect
        agents={agents}
        agent={agent}
        canAct={canAct}
        onChoose={(id) => post({ type: 'chooseAgent', agent: id })}
      />
      <SessionButton
        session={session}
        sessionId={sessionId}
        isOpen={panels.open === 'session'}
        onToggle={(button) => panels.toggle('session', button)}
      />
      <PreviewAction
        chat={chat}
        post={post}
        choosePort={(button) => panels.toggle('session', button)}
      />
      {!hasTitleBar && (
        <IconButton icon="list" name="Conversations" {...toggleProps('conversations')} />
      )}
      {(aws ?? awsUnavailable) !== null && (
        <IconButton icon="cloud" name="Agents in AWS" disabled={!canAct} {...toggleProps('aws')} />
      )}
      {!hasTitleBar && (
        <a
          class="button"
          href="compare"
          title="Compare agents side by side"
          aria-label="Compare agents side by side"
        >
          <Icon name="compare" />
        </a>
      )}
      {!hasTitleBar && (
        <IconButton
          icon="plus"
          name="New conversation"
          disabled={!canAct || turns.length === 0}
          onClick={onNew}
        />
      )}
    </header>
  );
}
