import type { JSX } from 'preact';
import type { ViewMessage } from '../src/shared/chat/viewMessage.ts';
import { Icon, type IconName } from './icons.tsx';
import { SessionButton } from './session/sessionButton.tsx';
import type { Situation } from './situation.ts';
import { AgentSelect } from './targets/agentSelect.tsx';
import type { PanelName, Panels } from './usePanels.ts';

/** With whom one talks, in which session, and the ways to others. */
export function Header({
  situation: { chat, agent, canAct },
  panels,
  hasTitleBar,
  onNew,
  post,
}: {
  readonly situation: Situation;
  readonly panels: Panels;
  /** Whether a title bar around the view offers what concerns the whole of it. */
  readonly hasTitleBar: boolean;
  readonly onNew: () => void;
  readonly post: (message: ViewMessage) => void;
}): JSX.Element {
  const { agents, aws, session, sessionId, turns } = chat;
  return (
    <header>
      <h1 class="unseen">Chat</h1>
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
      {!hasTitleBar && (
        <PanelButton panels={panels} panel="conversations" name="Conversations" icon="list" />
      )}
      {aws !== null && (
        <PanelButton
          panels={panels}
          panel="aws"
          name="Agents in AWS"
          icon="cloud"
          disabled={!canAct}
        />
      )}
      {!hasTitleBar && (
        <button
          type="button"
          title="New conversation"
          aria-label="New conversation"
          disabled={!canAct || turns.length === 0}
          onClick={onNew}
        >
          <Icon name="plus" />
        </button>
      )}
    </header>
  );
}

function PanelButton({
  panels,
  panel,
  name,
  icon,
  disabled = false,
}: {
  readonly panels: Panels;
  readonly panel: PanelName;
  readonly name: string;
  readonly icon: IconName;
  readonly disabled?: boolean;
}): JSX.Element {
  return (
    <button
      type="button"
      title={name}
      aria-label={name}
      aria-expanded={panels.open === panel}
      disabled={disabled}
      onClick={({ currentTarget }) => panels.toggle(panel, currentTarget)}
    >
      <Icon name={icon} />
    </button>
  );
}
