import type { JSX } from 'preact';
import type { Lane } from '../../src/shared/chat/comparison.ts';
import { Icon } from '../icons.tsx';
import { OpenPanel } from '../openPanel.tsx';
import type { ViewState } from '../reducer.ts';
import { SessionButton } from '../session/sessionButton.tsx';
import type { ChatViewModel } from '../viewModel.ts';
import { AgentSelect, qualifiedAgentName } from '../targets/agentSelect.tsx';
import type { Panels } from '../usePanels.ts';
import type { LanePost } from './lanePost.ts';

const LABELS = { left: 'Left agent', right: 'Right agent' } as const;

/** Shows the agent and the session of a lane, and opens its panels. */
export function LaneHeader({
  lane,
  name,
  viewModel,
  machines,
  models,
  panels,
  post,
}: {
  readonly lane: Lane;
  readonly name: string;
  readonly viewModel: ChatViewModel;
  readonly machines: ViewState['machines'];
  readonly models: ViewState['models'];
  readonly panels: Panels;
  readonly post: LanePost;
}): JSX.Element {
  const { chat, agent, canAct, running } = viewModel;
  return (
    <section class="lane" aria-label={name}>
      <div class="laneBar">
        <AgentSelect
          agents={chat.agents}
          agent={agent}
          label={LABELS[lane]}
          canAct={canAct}
          onChoose={(id) => post({ type: 'chooseAgent', agent: id })}
        />
        {running && canAct && chat.socket?.state === 'open' && (
          <button
            type="button"
            title="Complete this answer. Later messages of the agent start a new one"
            aria-label={`Done: the answer of ${name} is complete`}
            onClick={() => post({ type: 'settle', turn: running.id })}
          >
            Done
          </button>
        )}
        {running && canAct && (
          <button
            type="button"
            title={`Stop ${name}`}
            aria-label={`Stop ${name}`}
            onClick={() => post({ type: 'stop', turn: running.id })}
          >
            <Icon name="stop" />
          </button>
        )}
        <SessionButton
          session={chat.session}
          sessionId={chat.sessionId}
          isOpen={panels.open === 'session'}
          onToggle={(button) => panels.toggle('session', button)}
        />
        {(chat.aws ?? chat.awsUnavailable) !== null && (
          <button
            type="button"
            title="Agents in AWS"
            aria-label={`Agents in AWS, for the ${lane} lane`}
            aria-expanded={panels.open === 'aws'}
            disabled={!canAct}
            onClick={({ currentTarget }) => panels.toggle('aws', currentTarget)}
          >
            <Icon name="cloud" />
          </button>
        )}
      </div>
      <OpenPanel
        panels={panels}
        viewModel={viewModel}
        searchResults={null}
        machines={machines}
        models={models}
        post={post}
      />
    </section>
  );
}

/** Name of a lane's agent, in AWS with its endpoint and Region. */
export function laneName({ agent, agentName }: ChatViewModel): string {
  return agent === null ? agentName : qualifiedAgentName(agent);
}
