import type { JSX } from 'preact';
import type { ViewMessage } from '../src/shared/schemas/viewMessage.ts';
import { Problem } from './problem.tsx';
import { SocketStatusView } from './session/socketStatusView.tsx';
import { BrokenCodeNotice } from './session/brokenCode.tsx';
import { SessionEnd } from './session/sessionEnd.tsx';
import type { ChatViewModel } from './viewModel.ts';
import { TokenForm } from './targets/tokenForm.tsx';
import { ToolPanel } from './tools/toolPanel.tsx';

/** Messages and forms between the conversation and the composer. */
export function Notices({
  viewModel: { chat, agent, agentName, canAct, canReach, running },
  post,
  onNewSession,
  onCloseSocket,
  onSend,
}: {
  readonly viewModel: ChatViewModel;
  readonly post: (message: ViewMessage) => void;
  readonly onNewSession: () => void;
  readonly onCloseSocket: () => void;
  readonly onSend: (prompt: string) => void;
}): JSX.Element {
  const { agents, problem, sessionId, toolList, turns } = chat;
  const tokenRequest = chat.tokenRequests.find(({ agent: id }) => id === agent?.id);
  const isListed = toolList?.agent === agent?.id && toolList?.sessionId === sessionId;
  return (
    <>
      {agent === null && turns.length > 0 && agents.length > 0 && (
        <div class="aside">
          <p role="status">
            This conversation is read-only because {agentName} is no longer available.
          </p>
        </div>
      )}
      <BrokenCodeNotice session={chat.session} />
      <SessionEnd chat={chat} canAct={canAct} onNewSession={onNewSession} />
      <SocketStatusView
        socket={chat.socket}
        isReceiving={running !== null}
        onCloseSocket={onCloseSocket}
      />
      <Problem problem={problem} onDismiss={() => post({ type: 'dismissProblem' })} />
      {agent && tokenRequest && (
        <TokenForm
          request={tokenRequest}
          agentName={agent.name}
          onSubmit={(token) => post({ type: 'token', agent: agent.id, token })}
        />
      )}
      {agent?.target.protocol === 'MCP' && (
        <ToolPanel
          key={agent.id}
          tools={isListed ? toolList.tools : { state: 'idle' }}
          canSend={canReach && running === null}
          onList={() => post({ type: 'listTools' })}
          onSend={onSend}
        />
      )}
    </>
  );
}
