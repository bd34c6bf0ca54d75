import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ViewMessage } from '../src/shared/chat/viewMessage.ts';
import { DEFAULT_TEMPLATE, fillTemplate } from '../src/shared/payloadTemplate.ts';
import { runningTurn, takesAttachments } from '../src/shared/chat/state.ts';
import { Announcer } from './announcer.tsx';
import type { Command } from './composer/commands.ts';
import { Composer } from './composer/composer.tsx';
import { promptsOf } from './composer/history.ts';
import { ConversationsPanel } from './conversations/conversationsPanel.tsx';
import { EmptyState } from './emptyState.tsx';
import { Header } from './header.tsx';
import { Icon } from './icons.tsx';
import { Notice } from './notice.tsx';
import { Problem } from './problem.tsx';
import { RawAnswersContext } from './rawEvents.tsx';
import type { ViewState } from './reducer.ts';
import { SessionButton } from './session/sessionButton.tsx';
import { SessionEnd } from './session/sessionEnd.tsx';
import { SessionPanel } from './session/sessionPanel.tsx';
import { TargetPanel } from './targets/targetPanel.tsx';
import { TokenForm } from './targets/tokenForm.tsx';
import { ToolBench } from './tools/toolBench.tsx';
import { TemplatePanel } from './template/templatePanel.tsx';
import { Transcript } from './transcript.tsx';
import type { Memory, Transport } from './transport.ts';
import type { TurnActions } from './turnActions.tsx';
import { Turns } from './turns.tsx';

/** The chat, whole. */
export function Chat({
  state: { chat, link, raws, shown, found },
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
  const [panel, setPanel] = useState<'session' | 'conversations' | 'aws' | 'template' | null>(null);
  // VS Code asks for it from the view's title.
  useEffect(() => {
    if (shown > 0) setPanel('conversations');
  }, [shown]);
  const sessionButton = useRef<HTMLButtonElement>(null);
  const awsButton = useRef<HTMLButtonElement>(null);
  const listButton = useRef<HTMLButtonElement>(null);
  const focusComposer = () => composer.current?.focus();

  const prompts = useMemo(() => promptsOf(chat?.turns ?? []), [chat?.turns]);
  const canSend =
    chat !== null &&
    link === 'open' &&
    chat.agents.some(
      ({ id, deployment }) =>
        id === chat.agent && (deployment !== null || chat.connection.state === 'ready'),
    );
  function ask(message: ViewMessage): void {
    post(message);
    setSent((before) => before + 1);
    focusComposer();
  }
  function send(prompt: string, isPayload = false): void {
    ask({ type: 'send', prompt, ...(isPayload && { isPayload }) });
  }
  // The same object as long as the same can be done, so that turns are not built again.
  const actions = useMemo<TurnActions | null>(
    () =>
      canSend
        ? {
            retry: (turn) => ask({ type: 'retry', turn }),
            fork: (turn) => ask({ type: 'fork', turn }),
            resend: (turn, prompt) => ask({ type: 'retry', turn, prompt }),
          }
        : null,
    [canSend],
  );
  const askForRaw = useMemo(
    () => (turn: string) => {
      if (link === 'open') post({ type: 'showRaw', turn });
    },
    [link],
  );
  const rawAnswers = useMemo(() => ({ raws, ask: askForRaw }), [raws, askForRaw]);

  if (chat === null) return <Notice link={link} connection={null} post={post} />;
  const { agents, aws, connection, conversation, session, sessionId, turns, problem } = chat;
  const agent = agents.find(({ id }) => id === chat.agent) ?? null;
  const running = runningTurn(chat);
  const isListed = chat.toolbox?.agent === agent?.id && chat.toolbox?.sessionId === sessionId;
  const kept = chat.conversations.find(({ id }) => id === conversation);
  const agentName = agent?.name ?? (kept?.agentName || 'The agent');

  const canAct = link === 'open';
  const template =
    agent?.protocol === 'HTTP' ? (chat.templates[agent.id] ?? DEFAULT_TEMPLATE) : null;
  const toggle = (name: typeof panel) => setPanel(panel === name ? null : name);

  const beginConversation = () => {
    post({ type: 'newConversation' });
    setPanel(null);
    focusComposer();
  };

  const commands: readonly Command[] = [
    {
      name: 'new',
      title: 'Begin a new conversation',
      refusal: turns.length > 0 ? null : 'This conversation has not begun yet.',
      run: beginConversation,
    },
    {
      name: 'stop',
      title: 'Stop the answer that is coming',
      refusal: running ? null : 'No answer is coming.',
      run: () => running && post({ type: 'stop', turn: running.id }),
    },
    ...(template === null
      ? []
      : [
          {
            name: 'template',
            title: 'Change what the agent is sent for a message',
            refusal: null,
            run: () => setPanel('template'),
          },
        ]),
    {
      name: 'session',
      title: 'Show the session: its id, its state, how to stop it',
      refusal: null,
      run: () => setPanel('session'),
    },
    {
      name: 'conversations',
      title: 'Show all conversations: find one, name it, remove it',
      refusal: null,
      run: () => setPanel('conversations'),
    },
    {
      name: 'export',
      title: 'Save this conversation as Markdown',
      refusal: turns.length > 0 ? null : 'This conversation has not begun yet.',
      run: () => post({ type: 'export', as: 'markdown' }),
    },
  ];

  return (
    <>
      <Header
        agents={agents}
        agent={agent}
        canAct={canAct}
        onChoose={(id) => post({ type: 'chooseAgent', agent: id })}
      >
        <SessionButton
          button={sessionButton}
          session={session}
          sessionId={sessionId}
          isOpen={panel === 'session'}
          onToggle={() => toggle('session')}
        />
        {!transport.hasTitleBar && (
          <button
            ref={listButton}
            type="button"
            title="Conversations"
            aria-label="Conversations"
            aria-expanded={panel === 'conversations'}
            onClick={() => toggle('conversations')}
          >
            <Icon name="list" />
          </button>
        )}
        {aws !== null && (
          <button
            ref={awsButton}
            type="button"
            title="Agents in AWS"
            aria-label="Agents in AWS"
            aria-expanded={panel === 'aws'}
            disabled={!canAct}
            onClick={() => toggle('aws')}
          >
            <Icon name="cloud" />
          </button>
        )}
        {!transport.hasTitleBar && (
          <button
            type="button"
            title="New conversation"
            aria-label="New conversation"
            disabled={!canAct || turns.length === 0}
            onClick={beginConversation}
          >
            <Icon name="plus" />
          </button>
        )}
      </Header>
      {panel === 'session' && (
        <SessionPanel
          chat={chat}
          canAct={canAct}
          post={post}
          onClose={() => {
            setPanel(null);
            sessionButton.current?.focus();
          }}
        />
      )}
      {panel === 'conversations' && (
        <ConversationsPanel
          chat={chat}
          found={found}
          canAct={canAct}
          post={post}
          onClose={() => {
            setPanel(null);
            if (listButton.current) listButton.current.focus();
            else focusComposer();
          }}
          onOpened={() => {
            setPanel(null);
            focusComposer();
          }}
        />
      )}
      {panel === 'aws' && aws !== null && (
        <TargetPanel
          aws={aws}
          agents={agents}
          ask={(request) => post({ type: 'aws', request })}
          onChoose={(id) => {
            post({ type: 'chooseAgent', agent: id });
            setPanel(null);
            focusComposer();
          }}
          onClose={() => {
            setPanel(null);
            awsButton.current?.focus();
          }}
        />
      )}
      {panel === 'template' && agent && template && (
        <TemplatePanel
          key={agent.id}
          agentName={agentName}
          template={template}
          canAct={canAct}
          onSave={(next) => {
            post({ type: 'keepTemplate', agent: agent.id, template: next });
            setPanel(null);
            focusComposer();
          }}
          onClose={() => {
            setPanel(null);
            focusComposer();
          }}
        />
      )}
      <Transcript
        key={conversation}
        busy={running !== null}
        sent={sent}
        start={memory.now.scroll}
        onScroll={(scroll) => remember({ scroll })}
      >
        {turns.length === 0 && <EmptyState agent={agent} canSend={canSend} onExample={send} />}
        <RawAnswersContext.Provider value={rawAnswers}>
          <Turns
            turns={turns}
            agentName={agentName}
            actions={actions}
            hasEditor={chat.hasEditor}
            post={post}
          />
        </RawAnswersContext.Provider>
      </Transcript>
      {agent === null && turns.length > 0 && agents.length > 0 && (
        <div class="aside">
          <p role="status">{agentName} is not here any more, so this can be read and no more.</p>
        </div>
      )}
      <SessionEnd
        chat={chat}
        canAct={canAct}
        onNewSession={() => {
          post({ type: 'newSession' });
          focusComposer();
        }}
      />
      <Problem problem={problem} onDismiss={() => post({ type: 'dismissProblem' })} />
      <Notice link={link} connection={agent?.deployment == null ? connection : null} post={post} />
      {chat.tokenWanted !== null && chat.tokenWanted.agent === agent?.id && (
        <TokenForm
          wanted={chat.tokenWanted}
          agentName={agent.name}
          onGive={(token) => post({ type: 'token', agent: agent.id, token })}
        />
      )}
      {agent?.protocol === 'MCP' && (
        <ToolBench
          key={agent.id}
          tools={isListed ? chat.toolbox.tools : { state: 'unasked' }}
          canSend={canSend && running === null}
          onList={() => post({ type: 'listTools' })}
          onSend={send}
        />
      )}
      <Composer
        textarea={composer}
        agentName={agent?.name ?? null}
        start={memory.now}
        prompts={prompts}
        commands={canAct ? commands : []}
        payload={
          template && {
            of: (words) =>
              fillTemplate(template.message, {
                input: words.trim(),
                sessionId,
                actorId: chat.actorId,
                images: [],
                files: [],
              }),
            isTemplateOpen: panel === 'template',
            onTemplate: () => toggle('template'),
          }
        }
        attach={
          canAct && takesAttachments(chat)
            ? {
                attachments: chat.attachments,
                onAttach: (file) => post({ type: 'attach', ...file }),
                onSelection: chat.hasEditor ? () => post({ type: 'attachSelection' }) : null,
                onRemove: (id) => post({ type: 'detach', attachment: id }),
              }
            : null
        }
        canSend={canSend && running === null}
        onDraft={remember}
        onSend={send}
        ends={
          running && canAct
            ? {
                turn: running.id,
                stop: () => post({ type: 'stop', turn: running.id }),
                cancelWork: template?.cancel == null ? null : () => post({ type: 'cancelWork' }),
              }
            : null
        }
      />
      <Announcer key={conversation} last={turns.at(-1)} />
    </>
  );
}
