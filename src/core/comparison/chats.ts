import type { Both, Lane } from '../../shared/chat/comparison.ts';
import type { Conversation, Conversations } from '../chat/conversations/conversations.ts';
import { newHead } from '../chat/conversations/head.ts';
import type { ChatStorage } from '../chat/conversations/chatStorage.ts';
import { createChatHost, type ChatHost, type ChatHostOptions } from '../chat/host.ts';
import type { Agents } from '../targets/targets.ts';
import { withToolbox } from '../targets/toolbox.ts';
import type { Tokens } from '../targets/tokens.ts';
import { createComparison, type Comparison } from './comparison.ts';

/** What chats are made with that share their agents, their tokens and what is kept. */
export interface ChatsOptions extends Pick<ChatHostOptions, 'editor' | 'logger' | 'newId' | 'now'> {
  readonly agents: Agents;
  readonly tokens: Tokens;
  readonly kept: ChatStorage;
}

/** The chat, and the comparison beside it. */
export interface Chats {
  readonly chat: ChatHost;
  readonly comparison: Comparison;
  dispose(): Promise<void>;
}

/** What stood in a lane when it was left. */
interface Place {
  readonly conversation: string;
  readonly agent: string | null;
}

/** Opens the chat; what is compared is opened with the first view of it. */
export function createChats({ agents, tokens, kept, ...rest }: ChatsOptions): Chats {
  const { conversations, templates } = kept;
  const { now, newId } = rest;
  let lanes: Both<ChatHost> | null = null;
  let left: Both<Place> | null = null;
  /** Whether the lanes were opened before anybody was there to stand in them. */
  let isUnpaired = false;

  function hostOf(options: Pick<ChatHostOptions, 'conversations' | 'latest' | 'templates'>) {
    return createChatHost({ ...rest, ...withToolbox(tokens.guard(agents)), ...options });
  }

  /** What stands in a lane is nobody else's until it is left: two hosts would write in it. */
  const apart: Conversations = {
    ...conversations,
    heads() {
      const taken = new Set([lanes?.left, lanes?.right].map((lane) => lane?.state().conversation));
      return conversations.heads().filter(({ id }) => !taken.has(id));
    },
  };
  const chat = hostOf({ ...kept, conversations: apart });
  const tap = chat.connect((message) => {
    if (lanes === null) return;
    // Templates belong to the agents, whoever talks to them.
    if (message.type === 'template') {
      const { agent, template } = message;
      for (const lane of [lanes.left, lanes.right]) {
        lane.receive({ type: 'keepTemplate', agent, template });
      }
    }
    // Once all have heard of it.
    if (message.type === 'source') queueMicrotask(pair);
  });
  tap.receive({ type: 'ready' });

  /** The conversation that was left, unless it is empty, has gone or is open in the chat. */
  async function again({ conversation }: Place): Promise<Conversation | null> {
    const head = conversations.heads().find(({ id }) => id === conversation);
    const { conversation: open, answering } = chat.state();
    if (!head || open === conversation || answering.includes(conversation)) return null;
    return { head, turns: await conversations.turns(conversation).catch(() => []) };
  }

  function begun(agent: string | null): Conversation {
    const { agents } = chat.state();
    return { head: newHead({ agent, actorId: null, agents, at: now(), newId }), turns: [] };
  }

  /** Agents that come each begin as the first; the second lane is for another. */
  function pair(): void {
    if (!isUnpaired || lanes === null || chat.state().agents.length === 0) return;
    isUnpaired = false;
    const { agent } = firstPlaces(chat).right;
    if (agent !== null) lanes.right.receive({ type: 'chooseAgent', agent });
  }

  async function open(): Promise<Both<ChatHost>> {
    const [first, second] = await Promise.all([
      left && again(left.left),
      left && again(left.right),
    ]);
    const places = left ?? firstPlaces(chat);
    isUnpaired = left === null && chat.state().agents.length === 0;
    // Both have heard the same, or nothing.
    const isWhole = first != null && second != null;
    const lane = (place: Lane, was: Conversation | null) =>
      hostOf({
        conversations,
        latest: (isWhole ? was : null) ?? begun(places[place].agent),
        templates: { ...templates, first: chat.state().templates },
      });
    return { left: lane('left', first), right: lane('right', second) };
  }

  const comparison = createComparison({
    open,
    onChange(both) {
      lanes = both;
      if (both) left = { left: placeOf(both.left), right: placeOf(both.right) };
      chat.relist();
    },
  });

  return {
    chat,
    comparison,
    async dispose() {
      tap.dispose();
      await Promise.all([chat.dispose(), comparison.dispose()]);
    },
  };
}

function placeOf(lane: ChatHost): Place {
  const { conversation, agent } = lane.state();
  return { conversation, agent };
}

/** Whom one talks to, beside the next of the local agents. */
function firstPlaces(chat: ChatHost): Both<Pick<Place, 'agent'>> {
  const { agents, agent } = chat.state();
  const other = agents.find(({ id, deployment }) => id !== agent && deployment === null);
  return { left: { agent }, right: { agent: other?.id ?? agent } };
}
