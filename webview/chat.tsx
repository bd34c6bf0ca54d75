import type { JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { runningTurn } from '../src/shared/chatState.ts';
import { Announcer } from './announcer.tsx';
import type { Command } from './composer/commands.ts';
import { Composer } from './composer/composer.tsx';
import { promptsOf } from './composer/history.ts';
import { EmptyState } from './emptyState.tsx';
import { Header } from './header.tsx';
import { Notice } from './notice.tsx';
import { Problem } from './problem.tsx';
import type { ViewState } from './reducer.ts';
import { SessionButton } from './session/sessionButton.tsx';
import { SessionEnd } from './session/sessionEnd.tsx';
import { SessionPanel } from './session/sessionPanel.tsx';
import { Transcript } from './transcript.tsx';
import type { Memory, Transport } from './transport.ts';
import { TurnView } from './turn.tsx';

/** The chat, whole. */
export function Chat({
  state: { chat, link },
  transport,
}: {
  readonly state: ViewState;
  readonly transport: Transport;
}): JSX.Element {
  const { post } = transport;
  const [memory] = useState(() => ({ now: transport.recall() }));
  function remember(part: Partial<Memory>): void {
    memory.now = { ...memory.now, ...part };
    transport.remember(memory.now);
  }
  const composer = useRef<HTMLTextAreaElement>(null);
  const [sent, setSent] = useState(0);
  const [panelIsOpen, setPanelIsOpen] = useState(false);
  const sessionButton = useRef<HTMLButtonElement>(null);
  const focusComposer = () => composer.current?.focus();

  const prompts = useMemo(() => promptsOf(chat?.turns ?? []), [chat?.turns]);

  if (chat === null) return <Notice link={link} connection={null} post={post} />;
  const { agents, connection, session, sessionId, turns, problem } = chat;
  const agent = agents.find(({ id }) => id === chat.agent) ?? null;
  const running = runningTurn(chat);
  const canSend = link === 'open' && connection.state === 'ready' && agent !== null;
  const send = (prompt: string) => {
    post({ type: 'send', prompt });
    setSent((before) => before + 1);
    focusComposer();
  };

  const canAct = link === 'open';
  const beginSession = () => {
    post({ type: 'newSession' });
    focusComposer();
  };

  const commands: readonly Command[] = [
    {
      name: 'new',
      title: 'Begin a new session',
      refusal: turns.length > 0 ? null : 'This session has not begun yet.',
      run: beginSession,
    },
    {
      name: 'stop',
      title: 'Stop the answer that is coming',
      refusal: running ? null : 'No answer is coming.',
      run: () => running && post({ type: 'stop', turn: running.id }),
    },
    {
      name: 'session',
      title: 'Show the session: its id, its state, how to stop it',
      refusal: null,
      run: () => setPanelIsOpen(true),
    },
  ];

  return (
    <>
      <Header
        agents={agents}
        agent={agent}
        canAct={canAct}
        hasTurns={turns.length > 0}
        onChoose={(id) => post({ type: 'chooseAgent', agent: id })}
        onNewSession={beginSession}
      >
        <SessionButton
          button={sessionButton}
          session={session}
          sessionId={sessionId}
          isOpen={panelIsOpen}
          onToggle={() => setPanelIsOpen(!panelIsOpen)}
        />
      </Header>
      {panelIsOpen && (
        <SessionPanel
          chat={chat}
          canAct={canAct}
          post={post}
          onClose={() => {
            setPanelIsOpen(false);
            sessionButton.current?.focus();
          }}
        />
      )}
      <Transcript
        key={sessionId}
        busy={running !== null}
        sent={sent}
        start={memory.now.scroll}
        onScroll={(scroll) => remember({ scroll })}
      >
        {turns.length === 0 && <EmptyState agent={agent} canSend={canSend} onExample={send} />}
        {turns.map((turn) => (
          <TurnView key={turn.id} turn={turn} agentName={agent?.name ?? 'The agent'} />
        ))}
      </Transcript>
      <SessionEnd chat={chat} />
      <Problem problem={problem} onDismiss={() => post({ type: 'dismissProblem' })} />
      <Notice link={link} connection={connection} post={post} />
      <Composer
        textarea={composer}
        agentName={agent?.name ?? null}
        start={memory.now.draft}
        prompts={prompts}
        commands={canAct ? commands : []}
        canSend={canSend && running === null}
        onDraft={(draft) => remember({ draft })}
        onSend={send}
        onStop={running && link === 'open' ? () => post({ type: 'stop', turn: running.id }) : null}
      />
      <Announcer key={sessionId} last={turns.at(-1)} />
    </>
  );
}
