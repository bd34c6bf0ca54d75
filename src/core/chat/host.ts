import { isDeepStrictEqual } from 'node:util';
import type { Attachment } from '../../shared/attachment.ts';
import type { ChatAgent } from '../../shared/chat/agent.ts';
import type { ChatChange } from '../../shared/chat/change.ts';
import type { ChatState } from '../../shared/chat/state.ts';
import type { HostMessage } from '../../shared/chat/hostMessage.ts';
import type { ViewMessage } from '../../shared/chat/viewMessage.ts';
import { applyChange } from '../../shared/chat/applyChange.ts';
import { runningTurn, takesAttachments } from '../../shared/chat/state.ts';
import { failureOf } from '../invocation/failure.ts';
import type { CodeEditor } from './codeEditor.ts';
import { createAttachmentContents, type AttachmentContents } from './attachments/attachments.ts';
import { createBook, newConversation, summaryOf } from './conversations/book.ts';
import type { Conversation, Conversations } from './conversations/conversations.ts';
import { createSearch } from './conversations/search.ts';
import { createSessionWatch, type SessionPast, type Sessions } from './session/sessionWatch.ts';
import type { Templates } from './templates/templates.ts';
import type { ChatSource } from './source.ts';
import { createTurnRunner, type Invoke, type Said } from './turnRunner.ts';
import { parseViewMessage } from './viewMessage.ts';

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
  /** Ids of conversations, sessions and turns; AWS wants at least 33 characters of a session's. */
  readonly newId: () => string;
}

/** One conversation, with as many views on it as there are. */
export interface ChatHost {
  readonly state: () => ChatState;
  /** Does what a view, or a command in its place, asks for. */
  receive(message: ViewMessage): void;
  /** Has the views show the list of conversations, or the first that opens. */
  showConversations(): void;
  /** A view opens: `post` reaches it, once it has said that it is ready. */
  connect(post: (message: HostMessage) => void): ChatView;
  /** Ends the running turn, and nothing is posted any more; resolves when all is kept. */
  dispose(): Promise<void>;
}

/** The host's end of one view. */
export interface ChatView {
  /** Takes a message as it came from the view; throws when it is none of the protocol. */
  receive(message: unknown): void;
  dispose(): void;
}

/** Opens a chat. Its conversation lives in the host, so a view may close and open as it likes. */
export function createChatHost(options: ChatHostOptions): ChatHost {
  const { source, invoke, sessions, conversations, templates, latest, editor, now, newId } =
    options;
  const readyViews = new Set<(message: HostMessage) => void>();
  const first = source.now();
  const { head, turns: past } = latest ?? {
    head: newConversation({
      agent: firstLocal(first.agents),
      actorId: null,
      options: { newId, now, state: () => first },
    }),
    turns: [],
  };
  let state: ChatState = {
    ...first,
    aws: first.aws ?? null,
    tokenWanted: first.tokenWanted ?? null,
    toolbox: first.toolbox ?? null,
    conversation: head.id,
    agent: head.agent,
    actorId: head.actorId,
    sessionId: head.sessionId,
    session: { state: 'unknown' },
    opening: head.opening,
    turns: past,
    conversations: conversations.heads().map(summaryOf),
    removed: null,
    templates: templates.first,
    attachments: [],
    problem: null,
    hasEditor: editor !== null,
  };
  const watch = createSessionWatch({
    sessions,
    onChange: tellMachine,
    onOpened: (opening) => change({ type: 'opened', turn: state.turns.at(-1)!.id, opening }),
  });
  const contents = createAttachmentContents(newId);
  const turns = createTurnRunner({ invoke, contents, now, newId, state: () => state, change });
  const book = createBook(
    {
      conversations,
      now,
      newId,
      state: () => state,
      change,
      past: watch.past,
      cancel: turns.cancel,
      onOpen: followSession,
    },
    head,
  );
  // The view that was opened to show it has not said yet that it is there.
  let listIsWanted = false;
  const search = createSearch(conversations);
  const unfollow = source.onChange(followSource);
  followSession(head);

  function change(step: ChatChange): void {
    state = applyChange(state, step);
    for (const post of readyViews) post(step);
    if (step.type === 'asked') watch.turnBegins();
    if (step.type === 'closed') watch.turnEnds();
    book.note(step);
  }

  function followSource(): void {
    const { connection, agents, ...told } = source.now();
    const { aws = null, tokenWanted = null, toolbox = null } = told;
    const isBack = connection.state === 'ready' && state.connection.state !== 'ready';
    const isGone = connection.state !== 'ready' && state.connection.state === 'ready';
    const wasDeployed = state.agents.find(({ id }) => id === state.agent)?.deployment != null;
    change({ type: 'source', connection, agents, aws, tokenWanted, toolbox });
    if (isBack || isGone) followSession(watch.past());
    // What was said stays in sight, whoever is there to go on with it.
    if (state.turns.length > 0 || agents.some(({ id }) => id === state.agent)) return;
    const next = firstLocal(agents);
    // Without local agents it only starts: the one that was chosen will be among them again.
    if (next !== null || wasDeployed) book.begin(next);
  }

  function beginConversation(): void {
    const { agent, agents } = state;
    const isThere = agents.some(({ id }) => id === agent);
    book.begin(isThere ? agent : (firstLocal(agents) ?? agent));
  }

  /** Follows the machine of the conversation's session. */
  function followSession(past: SessionPast): void {
    const { agent, sessionId, connection } = state;
    const isThere = agent !== null && connection.state === 'ready';
    watch.follow(isThere ? { agent, sessionId } : null, past);
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

  function attachThese(attachments: readonly Attachment[]): void {
    change({ type: 'attachments', attachments });
  }

  async function attach(file: Parameters<AttachmentContents['add']>[0]): Promise<void> {
    attachThese([...state.attachments, contents.add(file, state.attachments)]);
  }

  async function attachSelection(): Promise<void> {
    if (!editor) return;
    const selection = editor.selection();
    attachThese([...state.attachments, { type: 'selection', id: newId(), ...selection }]);
  }

  /** Sends words with all that is attached, or a payload, into which nothing can be put. */
  function send({ prompt, isPayload }: Said): void {
    if (!turns.canAsk()) return;
    const { attachments } = state;
    const goesAlong = !isPayload && attachments.length > 0 && takesAttachments(state);
    if (goesAlong) attachThese([]);
    void turns.ask({ prompt, ...(isPayload && { isPayload }), ...(goesAlong && { attachments }) });
  }

  async function stopSession(): Promise<void> {
    const { agent, sessionId } = state;
    if (agent !== null) await sessions.stop({ agent, sessionId });
  }

  function receive(message: ViewMessage, reply: (message: HostMessage) => void = () => {}): void {
    if (message.type !== 'search') note(null);
    switch (message.type) {
      case 'ready':
      // Answered where the view is known that asks.
      case 'showRaw':
      case 'dismissProblem':
        return;
      case 'send':
        return send(message);
      case 'retry': {
        const turn = state.turns.find(({ id }) => id === message.turn);
        return turn && void turns.ask({ ...turn, prompt: message.prompt ?? turn.prompt });
      }
      case 'stop':
        if (runningTurn(state)?.id === message.turn) turns.cancel();
        return;
      case 'attach':
        return attempt(`${message.name} is not attached`, () => attach(message));
      case 'attachSelection':
        return attempt('The selection is not attached', attachSelection);
      case 'detach':
        return attachThese(state.attachments.filter(({ id }) => id !== message.attachment));
      case 'cancelWork':
        return attempt('The cancel payload was not taken', turns.cancelWork);
      case 'keepTemplate': {
        const { agent, template } = message;
        change({ type: 'template', agent, template });
        return templates.keep(state.templates);
      }
      case 'newConversation':
        return beginConversation();
      case 'newSession':
        return book.identify({ actorId: state.actorId, sessionId: newId() });
      case 'identify': {
        const { actorId, sessionId } = message;
        return book.identify({ actorId, sessionId });
      }
      case 'stopSession':
        return attempt('The session could not be stopped', stopSession);
      case 'openConversation':
        return attempt('The conversation could not be read', () => book.open(message.conversation));
      case 'rename':
        return book.rename(message.conversation, message.title);
      case 'remove':
        return book.remove(message.conversation);
      case 'restore':
        return book.restore();
      case 'search':
        return attempt('The conversations could not be searched', async () => {
          const { words } = message;
          const found = await search.find(words);
          if (found) reply({ type: 'found', words, conversations: found });
        });
      case 'export':
        return reply(book.export(message.as));
      case 'import':
        return attempt('The file cannot be imported', async () => book.import(message.content));
      case 'fork':
        return book.fork(message.turn);
      case 'chooseAgent':
        if (state.agents.some(({ id }) => id === message.agent)) book.begin(message.agent);
        return;
      case 'insertCode':
        return attempt('The code could not be inserted', () => editor?.insert(message.text));
      case 'openCode':
        return attempt('The code could not be opened', () =>
          editor?.open(message.text, message.language),
        );
      case 'listTools': {
        const { agent, sessionId, actorId } = state;
        if (agent !== null) source.listTools?.({ agent, sessionId, actorId });
        return;
      }
      case 'token':
        return source.giveToken?.(message.agent, message.token);
      case 'aws':
        return source.aws?.(message.request);
      case 'reconnect':
        return source.reconnect?.();
    }
  }

  return {
    state: () => state,
    receive: (message) => receive(message),
    showConversations() {
      listIsWanted = readyViews.size === 0;
      for (const post of readyViews) post({ type: 'showConversations' });
    },
    connect(post) {
      return {
        receive(input) {
          const message = parseViewMessage(input);
          if (message.type === 'showRaw') {
            const { turn } = message;
            return post({ type: 'raw', turn, raw: turns.raw(turn) });
          }
          if (message.type !== 'ready') return receive(message, post);
          readyViews.add(post);
          post({ type: 'state', state });
          if (listIsWanted) post({ type: 'showConversations' });
          listIsWanted = false;
        },
        dispose: () => void readyViews.delete(post),
      };
    },
    async dispose() {
      unfollow();
      readyViews.clear();
      turns.cancel();
      watch.dispose();
      await Promise.all([conversations.settled(), templates.settled()]);
    },
  };
}

/** Nothing in AWS is talked to that the user has not chosen. */
function firstLocal(agents: readonly ChatAgent[]): string | null {
  return agents.find(({ deployment }) => deployment === null)?.id ?? null;
}
