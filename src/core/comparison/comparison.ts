import type {
  PerLane,
  ComparisonHostMessage,
  ComparisonViewMessage,
  Lane,
  LaneRequest,
  Round,
} from '../../shared/chat/comparison.ts';
import type { HostMessage } from '../../shared/chat/hostMessage.ts';
import { runningTurn } from '../../shared/chat/state.ts';
import type { ViewMessage } from '../../shared/chat/viewMessage.ts';
import type { ChatHost } from '../chat/chatHost.ts';
import type { ChatView } from '../chat/chatViews.ts';
import { parseComparisonMessage } from './comparisonMessage.ts';

/** What a comparison is made with. */
export interface ComparisonOptions {
  /** Opens the two chats: those that stood here last, or new ones. */
  readonly open: () => Promise<PerLane<ChatHost>>;
  /** Other conversations stand here from now on, or none. */
  readonly onChange: (lanes: PerLane<ChatHost> | null) => void;
}

/** Two chats side by side, with as many views on them as there are. */
export interface Comparison {
  /** A view opens: `post` reaches it, once it has said that it is ready. */
  connect(post: (message: ComparisonHostMessage) => void): ComparisonView;
  /** Ends what runs; resolves when all is kept. */
  dispose(): Promise<void>;
}

/** The host's end of one view. */
export interface ComparisonView {
  /** Takes a message as it came from the view; throws when it is none of the protocol. */
  receive(message: unknown): void;
  dispose(): void;
}

const LANES = ['left', 'right'] as const;

/**
 * Asks two chats the same. They are there while a view looks on or one of them answers; what was said in
 * them is kept as any conversation is.
 */
export function createComparison({ open, onChange }: ComparisonOptions): Comparison {
  let opening: Promise<PerLane<ChatHost>> | null = null;
  let lanes: PerLane<ChatHost> | null = null;
  let rounds: readonly Round[] = [];
  let closing: Promise<unknown> = Promise.resolve();
  const views = new Set<object>();
  const readyViews = new Set<(message: ComparisonHostMessage) => void>();
  /** What is to be posted once both have been asked. */
  let postponed: (() => void)[] | null = null;

  async function openLanes(): Promise<PerLane<ChatHost>> {
    await closing;
    const opened = await open();
    lanes = opened;
    // Of other conversations, as after the chat has taken one of these over, the rounds are over.
    const isThere = ({ left, right }: Round) => has(opened.left, left) && has(opened.right, right);
    if (!rounds.every(isThere)) rounds = [];
    for (const lane of LANES) {
      const tap = opened[lane].connect(({ type }) => {
        if (type === 'conversation') onChange(opened);
        // Not before the chat itself has heard of it.
        if (type === 'closed') queueMicrotask(closeWhenLeft);
      });
      tap.receive({ type: 'ready' });
    }
    onChange(opened);
    return opened;
  }

  function closeWhenLeft(): void {
    if (views.size > 0 || lanes === null || LANES.some((lane) => runs(lanes![lane]))) return;
    const { left, right } = lanes;
    [lanes, opening] = [null, null];
    closing = Promise.all([left.dispose(), right.dispose()]);
    onChange(null);
  }

  function tellRounds(next: readonly Round[]): void {
    rounds = next;
    for (const post of readyViews) post({ type: 'rounds', rounds });
  }

  /** Both are asked before either's view hears of it, and hears first that the two belong together. */
  function send(
    both: PerLane<ChatHost>,
    message: ViewMessage & { readonly type: 'send' },
  ): boolean {
    if (!LANES.every((lane) => canAsk(both[lane]))) return false;
    const waiting: (() => void)[] = (postponed = []);
    for (const lane of LANES) both[lane].receive(message);
    // What one of them could not take along would wait for another question.
    if (!message.isPayload) for (const lane of LANES) detachAll(both[lane]);
    postponed = null;
    tellRounds([...rounds, { left: lastTurn(both.left), right: lastTurn(both.right) }]);
    for (const post of waiting) post();
    return true;
  }

  function detach(both: PerLane<ChatHost>, attachment: string): void {
    // Each knows it by an id of its own, in the same place.
    const place = both.left.state().attachments.findIndex(({ id }) => id === attachment);
    for (const lane of LANES) {
      const found = both[lane].state().attachments[place];
      if (found) both[lane].receive({ type: 'detach', attachment: found.id });
    }
  }

  /** Nothing is said any more in conversations that stand here no longer: they may be the chat's next. */
  function leave(both: PerLane<ChatHost>): void {
    for (const lane of LANES) stop(both[lane]);
    tellRounds([]);
  }

  function begin(both: PerLane<ChatHost>): void {
    leave(both);
    for (const lane of LANES) both[lane].receive({ type: 'newConversation' });
  }

  function choose(both: PerLane<ChatHost>, lane: Lane, agent: string): void {
    if (both[lane].state().agent === agent) return;
    const other = lane === 'left' ? 'right' : 'left';
    leave(both);
    both[lane].receive({ type: 'chooseAgent', agent });
    if (both[other].state().turns.length > 0) both[other].receive({ type: 'newConversation' });
  }

  function receive(both: PerLane<ChatHost>, message: Asked): void {
    switch (message.type) {
      case 'stopBoth':
        for (const lane of LANES) stop(both[lane]);
        return;
      case 'cancelWork':
      case 'attach':
      case 'attachSelection':
        for (const lane of LANES) both[lane].receive(message);
        return;
      case 'detach':
        return detach(both, message.attachment);
      case 'choose':
        return choose(both, message.lane, message.agent);
      case 'begin':
        return begin(both);
    }
  }

  return {
    connect(post) {
      const me = {};
      views.add(me);
      let ends: PerLane<ChatView> | null = null;
      const tell = (lane: Lane) => (message: HostMessage) => {
        const now = () => post({ type: 'lane', lane, message });
        if (postponed) postponed.push(now);
        else now();
      };

      function isReady(both: PerLane<ChatHost>): void {
        if (!views.has(me)) return closeWhenLeft();
        ends ??= {
          left: both.left.connect(tell('left')),
          right: both.right.connect(tell('right')),
        };
        readyViews.add(post);
        post({ type: 'rounds', rounds });
        for (const lane of LANES) ends[lane].receive({ type: 'ready' });
      }

      return {
        receive(input) {
          const message = parseComparisonMessage(input);
          if (message.type === 'ready') {
            opening ??= openLanes();
            return void opening.then(isReady);
          }
          // Before it was ready it has nothing to ask.
          if (ends === null || lanes === null) return;
          if (message.type === 'lane')
            ends[message.lane].receive(message.message satisfies LaneRequest);
          else if (message.type !== 'send') receive(lanes, message);
          // Another view was quicker: it is given back to who wrote it.
          else if (!send(lanes, message)) tell('left')({ ...message, type: 'unsent' });
        },
        dispose() {
          views.delete(me);
          readyViews.delete(post);
          for (const lane of LANES) ends?.[lane].dispose();
          closeWhenLeft();
        },
      };
    },
    async dispose() {
      views.clear();
      readyViews.clear();
      const both = await opening;
      if (both) for (const lane of LANES) stop(both[lane]);
      closeWhenLeft();
      await closing;
    },
  };
}

/** What is asked of both. */
type Asked = Exclude<ComparisonViewMessage, { readonly type: 'ready' | 'lane' | 'send' }>;

function runs(lane: ChatHost): boolean {
  return runningTurn(lane.state()) !== null;
}

/** Whether there is an agent that is there and has nothing to answer. */
function canAsk(lane: ChatHost): boolean {
  const { agent, agents } = lane.state();
  return !runs(lane) && agents.some(({ id }) => id === agent);
}

function stop(lane: ChatHost): void {
  const turn = runningTurn(lane.state());
  if (turn) lane.receive({ type: 'stop', turn: turn.id });
}

function detachAll(lane: ChatHost): void {
  for (const { id } of lane.state().attachments) lane.receive({ type: 'detach', attachment: id });
}

function lastTurn(lane: ChatHost): string {
  return lane.state().turns.at(-1)!.id;
}

function has(lane: ChatHost, turn: string): boolean {
  return lane.state().turns.some(({ id }) => id === turn);
}
