import { isDeepStrictEqual } from 'node:util';
import { applyChange } from '../../shared/chat/applyChange.ts';
import type { ChatChange } from '../../shared/chat/change.ts';
import type { HostMessage } from '../../shared/chat/hostMessage.ts';
import { emptyChat, runningTurn, type ChatState } from '../../shared/chat/state.ts';
import { isTurnStep } from '../../shared/chat/turnStep.ts';
import { failureOf } from '../invocation/failure.ts';
import { createAttachmentContents } from './attachments/attachments.ts';
import { attachmentHandlers } from './attachments/attachmentRequests.ts';
import type { CodeEditor } from './code/codeEditor.ts';
import { codeHandlers } from './code/codeRequests.ts';
import { createBackgroundConversations } from './conversations/backgroundConversations.ts';
import { createConversationController } from './conversations/conversationController.ts';
import type { Conversation, Conversations } from './conversations/conversations.ts';
import { newHead, openedOf, summaryOf } from './conversations/head.ts';
import { conversationHandlers } from './conversations/conversationRequests.ts';
import { createSearch } from './conversations/search.ts';
import type { HandlerContext, Handlers } from './handlers.ts';
import { sessionHandlers } from './session/sessionRequests.ts';
import { wasRefused } from './session/wasRefused.ts';
import {
  createSessionWatch,
  type RememberedSession,
  type Sessions,
  type SessionWatch,
} from './session/sessionWatch.ts';
import { sourceHandlers } from './source/sourceRequests.ts';
import { firstLocal, stateOf, type ChatSource } from './source/source.ts';
import { templateHandlers } from './templates/templateRequests.ts';
import type { Templates } from './templates/templates.ts';
import { turnHandlers } from './turns/turnRequests.ts';
import { createTurnRunner, type Invoke } from './turns/turnRunner.ts';
import { createViews, type ChatView, type Request } from './views.ts';

/** What a chat host is made with. */
export interface ChatHostOptions {
  readonly source: ChatSource;
  readonly invoke: Invoke;
  readonly sessions: Sessions;
  readonly conversations: Conversations;
  readonly templates: Templates;
  /** The conversation to begin with; null for a new one. */
  readonly latest: Conversation | null;
  /** The time, in milliseconds. */
  readonly now: () => number;
  /** Null where there is none, as on a page. */
  readonly editor: CodeEditor | null;
  readonly logger: { error(message: string): void };
  /** Ids of conversations, sessions and turns; AWS wants at least 33 characters of a session's. */
  readonly newId: () => string;
}

/** One conversation, with as many views on it as there are. */
export interface ChatHost {
  readonly state: () => ChatState;
  /** Does what a view, or a command in its place, asks for. */
  receive(request: Request): void;
  /** Has the views show the list of conversations, or the first that opens. */
  showConversations(): void;
  /** What is kept has changed elsewhere: tells the views what there is now. */
  relist(): void;
  /** A view opens: `post` reaches it, once it has said that it is ready. */
  connect(post: (message: HostMessage) => void): ChatView;
  /** Ends the running turn, and nothing is posted any more; resolves when all is kept. */
  dispose(): Promise<void>;
}

/** What is only asked for; whatever could not be done before is still to be read. */
const ASIDES: ReadonlySet<string> = new Set(['search', 'showRaw', 'showMachines']);

/** After these it is another session, or another way to talk. */
const MOVES: ReadonlySet<string> = new Set(['conversation', 'identity', 'template']);

/** Opens a chat. Its conversation lives in the host, so a view may close and open as it likes. */
export function createChatHost(options: ChatHostOptions): ChatHost {
  const { source, invoke, sessions, conversations, templates, editor, logger, now, newId } =
    options;
  const first = firstConversation(options);
  let state: ChatState = {
    ...emptyChat,
    ...source.now(),
    ...openedOf(first),
    conversations: conversations.heads().map(summaryOf),
    templates: templates.first,
    hasEditor: editor !== null,
  };
  const context: HandlerContext = { state: () => state, change, newId, attempt };
  const views = createViews({ state: context.state, handle, onReady: look });
  let watch = createWatch();
  const contents = createAttachmentContents(newId);
  const turns = createTurnRunner({ ...context, change: stepOf, invoke, contents, now });
  const background = createBackgroundConversations({ conversations, now, change });
  const controller = createConversationController(
    {
      ...context,
      conversations,
      now,
      remembered: () => watch.remembered(),
      background,
      cancel,
      onLeave: leave,
      onOpen: takeUp,
    },
    first.head,
  );
  const handlers: Handlers<Request> = {
    dismissProblem: () => note(null),
    ...turnHandlers(context, turns),
    ...attachmentHandlers(context, contents, editor),
    ...conversationHandlers(context, controller, createSearch(conversations)),
    ...sessionHandlers(context, controller, sessions),
    ...sourceHandlers(context, controller, source),
    ...templateHandlers(context, templates),
    ...codeHandlers(context, editor),
  };
  const unfollow = source.onChange(followSource);
  const unheed = conversations.onProblem(note);
  followSession(first.head);

  /** Agents and versions may have been made since; those that are known stay where nobody answers. */
  function look(): void {
    source.look?.().catch(() => {});
  }

  function handle(request: Request, reply: (answer: HostMessage) => void): void {
    if (!ASIDES.has(request.type)) note(null);
    const act = handlers[request.type] as (of: Request, reply: (to: HostMessage) => void) => void;
    try {
      act(request, reply);
    } catch (error) {
      // A bug of ours costs what was asked for, and no view its way to the host.
      logger.error(`chat: ${request.type}: ${(error as Error).stack}`);
      note(`What was asked for (${request.type}) could not be done: ${failureOf(error).message}`);
    }
  }

  function change(step: ChatChange): void {
    // The web socket was for what was said until now, and to whom.
    if (MOVES.has(step.type)) turns.closeSocket();
    if (step.type === 'asked') watch.beforeTurn();
    state = applyChange(state, step);
    views.post(step);
    if (step.type === 'asked') watch.turnStarted(step.turn);
    if (step.type === 'closed') watch.turnEnded(wasRefused(state.turns.at(-1)!));
    if (step.type === 'socket') watch.socketChanged(step.socket?.state === 'open');
    controller.applyChange(step);
  }

  /** A turn's step may be of a conversation that is not open any more. */
  function stepOf(step: ChatChange): void {
    if (isTurnStep(step) && step.turn !== state.turns.at(-1)?.id) background.applyStep(step);
    else change(step);
  }

  function createWatch(): SessionWatch {
    const own: SessionWatch = createSessionWatch({
      sessions,
      onChange: () => {
        if (own === watch) tellMachine();
      },
      onOpened: (turn, opening) => stepOf({ type: 'opened', turn, opening }),
    });
    return own;
  }

  function cancel(conversation: string): void {
    const isOpen = conversation === state.conversation;
    const last = (isOpen ? state : background.of(conversation))?.turns.at(-1);
    if (last?.outcome === null) turns.cancel(last.id);
  }

  /** What is being answered goes on by itself, except by a web socket: that is the open conversation's. */
  function leave(): void {
    const running = runningTurn(state);
    if (!running) return;
    if (turns.isReadingSocket(running.id)) return turns.cancel(running.id);
    background.add(state.conversation, { turns: state.turns, watch });
    watch = createWatch();
  }

  function takeUp(past: RememberedSession): void {
    const left = background.take(state.conversation);
    if (!left) return followSession(past);
    watch.dispose();
    ({ watch } = left);
    tellMachine();
  }

  function followSource(): void {
    const next = stateOf(source.now());
    const { agents } = next;
    const wasInReach = isInReach(state);
    const wasDeployed = state.agents.find(({ id }) => id === state.agent)?.deployment != null;
    change({ type: 'source', ...next });
    if (isInReach(state) !== wasInReach) followSession(watch.remembered());
    // What was said stays in sight, whoever is there to go on with it.
    if (state.turns.length > 0 || agents.some(({ id }) => id === state.agent)) return;
    const other = firstLocal(agents);
    // Without local agents it only starts: the one that was chosen will be among them again.
    if (other !== null || wasDeployed) controller.begin(other);
  }

  /** Follows the machine of the conversation's session. */
  function followSession(past: RememberedSession): void {
    const { agent, sessionId, turns: said } = state;
    const follows = agent !== null && isInReach(state);
    watch.follow(follows ? { agent, sessionId } : null, past, said.at(-1)?.endedAt ?? null);
    tellMachine();
  }

  function note(problem: string | null): void {
    if (problem !== state.problem) change({ type: 'problem', problem });
  }

  function tellMachine(): void {
    const step = { session: watch.status(), opening: watch.opening() };
    const { session, opening } = state;
    if (isDeepStrictEqual(step, { session, opening })) return;
    change({ type: 'machine', ...step });
  }

  /** Does what may fail, and tells why it did. */
  function attempt(what: string, act: () => Promise<void> | undefined): void {
    act()?.catch((error: unknown) => note(`${what}: ${failureOf(error).message}`));
  }

  return {
    state: context.state,
    receive: (request) => handle(request, () => {}),
    showConversations: views.showConversations,
    relist: () => change({ type: 'listed', conversations: conversations.heads().map(summaryOf) }),
    connect: views.connect,
    async dispose() {
      unfollow();
      unheed();
      views.close();
      for (const conversation of [state.conversation, ...background.all()]) cancel(conversation);
      turns.closeSocket();
      watch.dispose();
      await Promise.all([conversations.settled(), templates.settled()]);
    },
  };
}

/** Whether whoever runs the agent can be asked about it; a conversation may outlive its agent. */
function isInReach({ agent, agents, connection }: ChatState): boolean {
  const found = agents.find(({ id }) => id === agent);
  return found !== undefined && (found.deployment !== null || connection.state === 'ready');
}

function firstConversation({ latest, source, now, newId }: ChatHostOptions): Conversation {
  if (latest) return latest;
  const { agents } = source.now();
  const agent = firstLocal(agents);
  return { head: newHead({ agent, actorId: null, agents, at: now(), newId }), turns: [] };
}
