import type { JSX } from 'preact';
import type { ViewMessage } from '../src/shared/schemas/viewMessage.ts';
import { ConversationsPanel } from './conversations/conversationsPanel.tsx';
import type { SearchResults, ViewState } from './reducer.ts';
import { Panel } from './panel.tsx';
import { MachinesPanel } from './session/machinesPanel.tsx';
import { SessionPanel } from './session/sessionPanel.tsx';
import type { ChatViewModel } from './viewModel.ts';
import { TargetPanel } from './targets/targetPanel.tsx';
import { TemplatePanel } from './template/templatePanel.tsx';
import type { Panels } from './usePanels.ts';

/** Renders the open panel, if there is one. */
export function OpenPanel({
  panels: { open, show, close, finish },
  viewModel: { chat, agent, agentName, template, canAct, hasRecords },
  searchResults,
  machines,
  models,
  post,
}: {
  readonly panels: Panels;
  readonly viewModel: ChatViewModel;
  /** Results of the last search. */
  readonly searchResults: SearchResults | null;
  readonly machines: ViewState['machines'];
  readonly models: ViewState['models'];
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
          models={models?.sessionId === chat.sessionId ? models : null}
          post={post}
          onClose={close}
        />
      );
    case 'log':
    case 'timeline':
      return (
        <MachinesPanel
          recordName={open}
          records={machines?.sessionId === chat.sessionId ? machines.records : undefined}
          refresh={canAct ? () => post({ type: 'showMachines' }) : null}
          onShow={show}
          onClose={close}
        />
      );
    case 'conversations':
      return (
        <ConversationsPanel
          chat={chat}
          searchResults={searchResults}
          canAct={canAct}
          post={post}
          onClose={close}
          onOpened={finish}
        />
      );
    case 'aws':
      return chat.aws === null ? (
        <Panel name="Agents in AWS" onClose={close}>
          <p>{chat.awsUnavailable}</p>
        </Panel>
      ) : (
        <TargetPanel
          aws={chat.aws}
          agents={chat.agents}
          onRequest={(request) => post({ type: 'aws', request })}
          onChoose={(id) => {
            post({ type: 'chooseAgent', agent: id });
            finish();
          }}
          onClose={close}
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
            post({ type: 'saveTemplate', agent: agent.id, template: next });
            finish();
          }}
          onClose={close}
        />
      );
  }
}
