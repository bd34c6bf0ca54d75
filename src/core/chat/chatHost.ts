import { isDeepStrictEqual } from 'node:util';
import { applyChange } from '../../shared/chat/applyChange.ts';
import type { ChatChange } from '../../shared/chat/change.ts';
import type { HostMessage } from '../../shared/chat/hostMessage.ts';
import { emptyChat, runningTurn, type ChatState } from '../../shared/chat/state.ts';
import { isTurnStep } from '../../shared/chat/turnStep.ts';
import { isLocal } from '../../shared/target.ts';
import type { AgentRegistry } from '../agents/agentRegistry.ts';
import { describeFailure } from '../invocation/failure.ts';
import { agentHandlers } from './agents/agentRequests.ts';
import { createChatAgents, firstLocalAgent } from './agents/chatAgents.ts';
import { createAttachmentContents } from './attachments/attachments.ts';
import { attachmentHandlers } from './attachments/attachmentRequests.ts';
import type { CodeEditor } from './code/codeEditor.ts';
import { codeHandlers } from './code/codeRequests.ts';
import { createBackgroundConversations } from './conversations/backgroundConversations.ts';
import { createConversationController } from './conversations/conversationController.ts';
import { conversationHandlers } from './conversations/conversationRequests.ts';
import type { Conversation, ConversationStore } from './conversations/conversationStore.ts';
import {
  newHead,
  describeOpened,
  summarizeConversation,
} from './conversations/conversationHead.ts';
import { createConversationSearch } from './conversations/conversationSearch.ts';
import type { HandlerContext, MessageHandlers } from './handlers.ts';
import { sessionHandlers } from './session/sessionRequests.ts';
import {
  createSessionWatch,
  type RememberedSession,
  type SessionWatch,
} from './session/sessionWatch.ts';
import { wasRefused } from './session/wasRefused.ts';
import { templateHandlers } from './templates/templateRequests.ts';
import type { TemplateStore } from './templates/templateStore.ts';
import { turnHandlers } from './turns/turnRequests.ts';
import { createTurnRunner } from './turns/turnRunner.ts';
import { createChatViews, type ChatView, type ChatRequest } from './chatViews.ts';

/** Options of a chat host. */
export interface ChatHostOptions {
  readonly registry: AgentRegistry;
  readonly conversations: ConversationStore;
  readonly templates: TemplateStore;
  /** The conversation to open first; null for a new one. */
  readonly latest: Conversation | null;
  /** The time, in milliseconds. */
  readonly now: () => number;
  /** Null if there is no editor, as on a web page. */
  readonly editor: CodeEditor | null;
  readonly logger: { error(message: string): void };
  /** Ids of conversations, sessions and turns. A session id has at least 33 characters. */
  readonly newId: () => string;
}

/** A chat: one open conversation, and all views of it. */
export interface ChatHost {
  readonly state: () => ChatState;
  /** Handles a request of a view, or of a command. */
  receive(request: ChatRequest): void;
  /** Shows the list of conversations in the open views, or in the first that opens. */
  showConversations(): void;
  /** Shows the new list after the stored conversations changed elsewhere. */
  relist(): void;
  /** Adds a view. `post` is called once the view has reported that it is ready. */
  connect(post: (message: HostMessage) => void): ChatView;
  /** Cancels all running turns and stops posting; resolves when everything is stored. */
  dispose(): Promise<void>;
}

/** Requests that only read. The problem of an earlier request stays visible. */
const READS: ReadonlySet<string> = new Set(['search', 'showRaw', 'showMachines', 'showModels']);

/** Changes after which the WebSocket belongs to another session or transport. */
const SOCKET_CHANGES: ReadonlySet<string> = new Set(['conversation', 'identity', 'template']);

/** Opens a chat. The host owns the conversation, so views may close and open. */
export function createChatHost(options: ChatHostOptions): ChatHost {
  const { registry, conversations, templates, editor, logger, now, newId } = options;
  const agents = createChatAgents(registry, now);
  const first = firstConversation(options);
  let state: ChatState = {
    ...emptyChat,
    ...agents.state(),
    ...describeOpened(first),
    conversations: conversations.heads().map(summarizeConversation),
    templates: templates.first,
    hasEditor: editor !== null,
  };
  const context: HandlerContext = { state: () => state, change, newId, attempt };
  const views = createChatViews({ state: context.state, handle, onReady: refreshAgents });
  let watch = createWatch();
  const contents = createAttachmentContents(newId);
  const turns = createTurnRunner({
    ...context,
    change: applyStep,
    session: () => controller.session(),
    send: agents.send,
    contents,
    now,
  });
  const background = createBackgroundConversations({ conversations, now, change });
  const controller = createConversationController(
    {
      ...context,
      conversations,
      now,
      remembered: () => watch.remembered(),
      background,
      cancel,
      onLeave: leaveConversation,
      onOpen: resumeConversation,
    },
    first.head,
  );
  const handlers: MessageHandlers<ChatRequest> = {
    dismissProblem: () => showProblem(null),
    ...turnHandlers(context, turns),
    ...attachmentHandlers(context, contents, editor),
    ...conversationHandlers(context, controller, createConversationSearch(conversations)),
    ...sessionHandlers(context, { controller, connect: agents.connect, editor }),
    ...agentHandlers(context, controller, agents, registry),
    ...templateHandlers(context, templates),
    ...codeHandlers(context, editor),
  };
  const unsubscribe = [agents.onChange(updateAgents), conversations.onProblem(showProblem)];
  followSession(first.head);

  /**
   * Agents and versions may have been created since. The known ones stay if the emulator does not respond.
   */
  function refreshAgents(): void {
    registry.emulator.refresh().catch(() => {});
  }

  function handle(request: ChatRequest, reply: (answer: HostMessage) => void): void {
    if (!READS.has(request.type)) showProblem(null);
    const act = handlers[request.type] as (
      of: ChatRequest,
      reply: (to: HostMessage) => void,
    ) => void;
    try {
      act(request, reply);
    } catch (error) {
      // A bug fails this request, but not the view's connection to the host.
      logger.error(`chat: ${request.type}: ${(error as Error).stack}`);
      showProblem(`The request (${request.type}) failed: ${describeFailure(error).message}`);
    }
  }

  function change(step: ChatChange): void {
    if (SOCKET_CHANGES.has(step.type)) turns.closeSocket();
    if (step.type === 'asked') watch.beforeTurn();
    state = applyChange(state, step);
    views.post(step);
    if (step.type === 'asked') watch.turnStarted(step.turn, step.at);
    if (step.type === 'closed') watch.turnEnded(wasRefused(state.turns.at(-1)!), step.at);
    if (step.type === 'socket') watch.socketChanged(step.socket?.state === 'open');
    controller.applyChange(step);
  }

  /** Applies a step of a turn, which may belong to a conversation in the background. */
  function applyStep(step: ChatChange): void {
    if (isTurnStep(step) && step.turn !== state.turns.at(-1)?.id) background.applyStep(step);
    else change(step);
  }

  function createWatch(): SessionWatch {
    const created: SessionWatch = createSessionWatch({
      connect: agents.connect,
      onChange: () => {
        if (created === watch) updateSession();
      },
      onOpened: (turn, opening) => applyStep({ type: 'opened', turn, opening }),
      onModelCall: (turn, call) => applyStep({ type: 'modelCalled', turn, call }),
    });
    return created;
  }

  function cancel(conversation: string): void {
    const isOpen = conversation === state.conversation;
    const last = (isOpen ? state : background.of(conversation))?.turns.at(-1);
    if (last?.outcome === null) turns.cancel(last.id);
  }

  /** A running turn continues in the background, unless it uses the open conversation's WebSocket. */
  function leaveConversation(): void {
    const running = runningTurn(state);
    if (!running) return;
    if (turns.isReadingSocket(running.id)) return turns.cancel(running.id);
    background.add(state.conversation, { turns: state.turns, watch });
    watch = createWatch();
  }

  function resumeConversation(remembered: RememberedSession): void {
    const resumed = background.take(state.conversation);
    if (!resumed) return followSession(remembered);
    watch.dispose();
    ({ watch } = resumed);
    updateSession();
  }

  function updateAgents(): void {
    const wasReachable = isReachable(state);
    const current = controller.agent();
    change({ type: 'source', ...agents.state() });
    if (isReachable(state) !== wasReachable) followSession(watch.remembered());
    // A conversation with turns stays open, whether or not its agent is still listed.
    const isListed = state.agents.some(({ id }) => id === state.agent);
    if (state.turns.length > 0 || isListed) return;
    const next = firstLocalAgent(state.agents);
    // Without local agents the emulator is starting, and will list the chosen one again.
    if (next !== null || (current !== null && !isLocal(current.target))) controller.begin(next);
  }

  /** Follows the open conversation's session, if its state can be known. */
  function followSession(remembered: RememberedSession): void {
    const session = isReachable(state) ? controller.session() : null;
    watch.follow(session, remembered, state.turns.at(-1)?.endedAt ?? null);
    updateSession();
  }

  function showProblem(problem: string | null): void {
    if (problem !== state.problem) change({ type: 'problem', problem });
  }

  function updateSession(): void {
    const step = { session: watch.status(), opening: watch.opening() };
    const { session, opening } = state;
    if (isDeepStrictEqual(step, { session, opening })) return;
    change({ type: 'machine', ...step });
  }

  function attempt(what: string, act: () => Promise<void> | undefined): void {
    act()?.catch((error: unknown) => showProblem(`${what}: ${describeFailure(error).message}`));
  }

  return {
    state: context.state,
    receive: (request) => handle(request, () => {}),
    showConversations: views.showConversations,
    relist: () =>
      change({ type: 'listed', conversations: conversations.heads().map(summarizeConversation) }),
    connect: views.connect,
    async dispose() {
      for (const end of unsubscribe) end();
      views.close();
      for (const conversation of [state.conversation, ...background.all()]) cancel(conversation);
      turns.closeSocket();
      watch.dispose();
      agents.close();
      await Promise.all([conversations.settled(), templates.settled()]);
    },
  };
}

/** True if the state of the agent's sessions can be known. */
function isReachable({ agent, agents, connection }: ChatState): boolean {
  const listed = agents.find(({ id }) => id === agent);
  return listed !== undefined && (!isLocal(listed.target) || connection.state === 'ready');
}

function firstConversation({ latest, registry, now, newId }: ChatHostOptions): Conversation {
  if (latest) return latest;
  const agent = firstLocalAgent(registry.agents());
  return { head: newHead({ agent, actorId: null, at: now(), newId }), turns: [] };
}
