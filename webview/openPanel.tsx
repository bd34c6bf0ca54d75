import type { JSX } from 'preact';
import type { ViewMessage } from '../src/shared/chat/viewMessage.ts';
import { ConversationsPanel } from './conversations/conversationsPanel.tsx';
import type { SearchResults, ViewState } from './reducer.ts';
import { MachinesPanel } from './session/machinesPanel.tsx';
import { SessionPanel } from './session/sessionPanel.tsx';
import type { ChatViewModel } from './viewModel.ts';
import { TargetPanel } from './targets/targetPanel.tsx';
import { TemplatePanel } from './template/templatePanel.tsx';
import type { Panels } from './usePanels.ts';

/** The panel that is open, if one is. */
export function OpenPanel({
  panels: { open, show, leave, done },
  viewModel: { chat, agent, agentName, template, canAct, hasRecords },
  found,
  machines,
  post,
}: {
  readonly panels: Panels;
  readonly viewModel: ChatViewModel;
  /** What the last search has found. */
  readonly found: SearchResults | null;
  readonly machines: ViewState['machines'];
  readonly post: (message: ViewMessage) => void;
}): JSX.Element | null {
  switch (open) {
    case null:
      return null;
    case 'session':
      return (
        <SessionPanel
          chat={chat}
          canAct={canAct}
          onRecord={hasRecords ? show : null}
          post={post}
          onClose={leave}
        />
      );
    case 'log':
    case 'timeline':
      return (
        <MachinesPanel
          shows={open}
          machines={machines?.sessionId === chat.sessionId ? machines.machines : undefined}
          ask={canAct ? () => post({ type: 'showMachines' }) : null}
          onShow={show}
          onClose={leave}
        />
      );
    case 'conversations':
      return (
        <ConversationsPanel
          chat={chat}
          found={found}
          canAct={canAct}
          post={post}
          onClose={leave}
          onOpened={done}
        />
      );
    case 'aws':
      return chat.aws === null ? null : (
        <TargetPanel
          aws={chat.aws}
          agents={chat.agents}
          ask={(request) => post({ type: 'aws', request })}
          onChoose={(id) => {
            post({ type: 'chooseAgent', agent: id });
            done();
          }}
          onClose={leave}
        />
      );
    case 'template':
      return agent === null || template === null ? null : (
        <TemplatePanel
          key={agent.id}
          agentName={agentName}
          template={template}
          canAct={canAct}
          onSave={(next) => {
            post({ type: 'keepTemplate', agent: agent.id, template: next });
            done();
          }}
          onClose={leave}
        />
      );
  }
}
