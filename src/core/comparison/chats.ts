import type { PerLane, Lane } from '../../shared/chat/comparison.ts';
import { isLocal } from '../../shared/target.ts';
import type { ChatStorage } from '../chat/conversations/chatStorage.ts';
import type { Conversation, ConversationStore } from '../chat/conversations/conversationStore.ts';
import { newHead } from '../chat/conversations/conversationHead.ts';
import { createChatHost, type ChatHost, type ChatHostOptions } from '../chat/chatHost.ts';
import { createComparison, type Comparison } from './comparison.ts';

/** Options that all chats of a program share. */
export interface ChatsOptions extends Pick<
  ChatHostOptions,
  'registry' | 'editor' | 'logger' | 'newId' | 'now'
> {
  readonly storage: ChatStorage;
}

/** The chat, and the comparison beside it. */
export interface Chats {
  readonly chat: ChatHost;
  readonly comparison: Comparison;
  dispose(): Promise<void>;
}

/** The content of a lane when the comparison closed. */
interface LaneContent {
  readonly conversation: string;
  readonly agent: string | null;
}

/** Opens the chat. The comparison opens its lanes with its first view. */
export function createChats({ storage, ...shared }: ChatsOptions): Chats {
  const { conversations, templates } = storage;
  const { now, newId } = shared;
  let lanes: PerLane<ChatHost> | null = null;
  let closed: PerLane<LaneContent> | null = null;
  /** True if the lanes were opened before any agent was listed. */
  let lacksAgents = false;

  function createHost(options: Pick<ChatHostOptions, 'conversations' | 'latest' | 'templates'>) {
    return createChatHost({ ...shared, ...options });
  }

  /** Without the conversations of the lanes, since only one host may write to a conversation. */
  const chatConversations: ConversationStore = {
    ...conversations,
    heads() {
      const taken = new Set([lanes?.left, lanes?.right].map((lane) => lane?.state().conversation));
      return conversations.heads().filter(({ id }) => !taken.has(id));
    },
  };
  const chat = createHost({ ...storage, conversations: chatConversations });
  const view = chat.connect((message) => {
    if (lanes === null) return;
    // A template belongs to its agent, in every chat.
    if (message.type === 'template') {
      const { agent, template } = message;
      for (const lane of [lanes.left, lanes.right]) {
        lane.receive({ type: 'saveTemplate', agent, template });
      }
    }
    // After the lanes have the new list as well.
    if (message.type === 'source') queueMicrotask(chooseSecondAgent);
  });
  view.receive({ type: 'ready' });

  /** The conversation of a lane, unless it is empty, removed or open in the chat. */
  async function reopen({ conversation }: LaneContent): Promise<Conversation | null> {
    const head = conversations.heads().find(({ id }) => id === conversation);
    const { conversation: open, answering } = chat.state();
    if (!head || open === conversation || answering.includes(conversation)) return null;
    return { head, turns: await conversations.turns(conversation).catch(() => []) };
  }

  function newConversation(id: string | null): Conversation {
    const agent = chat.state().agents.find((one) => one.id === id) ?? null;
    return { head: newHead({ agent, actorId: null, at: now(), newId }), turns: [] };
  }

  /** Both lanes start with the first agent that is listed; the right one takes the second. */
  function chooseSecondAgent(): void {
    if (!lacksAgents || lanes === null || chat.state().agents.length === 0) return;
    lacksAgents = false;
    const { agent } = firstAgents(chat).right;
    if (agent !== null) lanes.right.receive({ type: 'chooseAgent', agent });
  }

  async function open(): Promise<PerLane<ChatHost>> {
    const [left, right] = await Promise.all([
      closed && reopen(closed.left),
      closed && reopen(closed.right),
    ]);
    const agents = closed ?? firstAgents(chat);
    lacksAgents = closed === null && chat.state().agents.length === 0;
    // Both lanes must have the same prompts.
    const canReopen = left != null && right != null;
    const lane = (place: Lane, previous: Conversation | null) =>
      createHost({
        conversations,
        latest: (canReopen ? previous : null) ?? newConversation(agents[place].agent),
        templates: { ...templates, first: chat.state().templates },
      });
    return { left: lane('left', left), right: lane('right', right) };
  }

  const comparison = createComparison({
    open,
    onChange(both) {
      lanes = both;
      if (both) closed = { left: readContent(both.left), right: readContent(both.right) };
      chat.relist();
    },
  });

  return {
    chat,
    comparison,
    async dispose() {
      view.dispose();
      await Promise.all([chat.dispose(), comparison.dispose()]);
    },
  };
}

function readContent(lane: ChatHost): LaneContent {
  const { conversation, agent } = lane.state();
  return { conversation, agent };
}

/** The agent of the chat, and the next local agent. */
function firstAgents(chat: ChatHost): PerLane<Pick<LaneContent, 'agent'>> {
  const { agents, agent } = chat.state();
  const other = agents.find(({ id, target }) => id !== agent && isLocal(target));
  return { left: { agent }, right: { agent: other?.id ?? agent } };
}
