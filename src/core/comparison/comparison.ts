import {
  LANES,
  type PerLane,
  type ComparisonHostMessage,
  type Lane,
  type Round,
} from '../../shared/chat/comparison.ts';
import type { HostMessage } from '../../shared/chat/hostMessage.ts';
import { runningTurn } from '../../shared/chat/state.ts';
import {
  comparisonViewMessage,
  type ComparisonViewMessage,
} from '../../shared/schemas/comparisonMessage.ts';
import type { ViewMessage } from '../../shared/schemas/viewMessage.ts';
import type { ChatHost } from '../chat/chatHost.ts';
import type { ChatView } from '../chat/chatViews.ts';
import { parseMessage } from '../chat/parseMessage.ts';

/** Options of a comparison. */
export interface ComparisonOptions {
  /** Opens the two chats: the previous ones, or new ones. */
  readonly open: () => Promise<PerLane<ChatHost>>;
  /** The lanes show other conversations, or closed (null). */
  readonly onChange: (lanes: PerLane<ChatHost> | null) => void;
}

/** Two chats side by side, and all views of them. */
export interface Comparison {
  /** Adds a view. `post` is called once the view has reported that it is ready. */
  connect(post: (message: ComparisonHostMessage) => void): ComparisonView;
  /** Stops running turns; resolves when everything is stored. */
  dispose(): Promise<void>;
}

/** The host's side of a view. */
export interface ComparisonView {
  /** Handles a message of the view; throws if it is not part of the protocol. */
  receive(message: unknown): void;
  dispose(): void;
}

/**
 * Sends the same prompts to two chats. They stay open while a view is connected or a turn is running.
 * Their conversations are stored like any other.
 */
export function createComparison({ open, onChange }: ComparisonOptions): Comparison {
  let opening: Promise<PerLane<ChatHost>> | null = null;
  let lanes: PerLane<ChatHost> | null = null;
  let rounds: readonly Round[] = [];
  let closing: Promise<unknown> = Promise.resolve();
  const views = new Set<object>();
  const readyViews = new Set<(message: ComparisonHostMessage) => void>();
  /** Posts that wait until both lanes have the prompt. */
  let postponed: (() => void)[] | null = null;

  async function openLanes(): Promise<PerLane<ChatHost>> {
    await closing;
    const opened = await open();
    lanes = opened;
    // Rounds of other conversations are dropped, for example after the chat has opened one of them.
    const isPresent = ({ left, right }: Round) =>
      hasTurn(opened.left, left) && hasTurn(opened.right, right);
    if (!rounds.every(isPresent)) rounds = [];
    for (const lane of LANES) {
      const tap = opened[lane].connect(({ type }) => {
        if (type === 'conversation') onChange(opened);
        // After the chat itself has handled the change.
        if (type === 'closed') queueMicrotask(closeIfUnused);
      });
      tap.receive({ type: 'ready' });
    }
    onChange(opened);
    return opened;
  }

  function closeIfUnused(): void {
    if (views.size > 0 || lanes === null || LANES.some((lane) => isRunning(lanes![lane]))) return;
    const { left, right } = lanes;
    [lanes, opening] = [null, null];
    closing = Promise.all([left.dispose(), right.dispose()]);
    onChange(null);
  }

  function setRounds(next: readonly Round[]): void {
    rounds = next;
    for (const post of readyViews) post({ type: 'rounds', rounds });
  }

  /** Sends to both lanes, then posts the new round, and only then the lanes' own messages. */
  function send(
    both: PerLane<ChatHost>,
    message: ViewMessage & { readonly type: 'send' },
  ): boolean {
    if (!LANES.every((lane) => canSend(both[lane]))) return false;
    const waiting: (() => void)[] = (postponed = []);
    for (const lane of LANES) both[lane].receive(message);
    // An attachment that one agent cannot take would otherwise stay for the next prompt.
    if (!message.isPayload) for (const lane of LANES) detachAll(both[lane]);
    postponed = null;
    setRounds([...rounds, { left: lastTurn(both.left), right: lastTurn(both.right) }]);
    for (const post of waiting) post();
    return true;
  }

  function detach(both: PerLane<ChatHost>, attachment: string): void {
    // Each lane has an ID of its own for the attachment, at the same index.
    const index = both.left.state().attachments.findIndex(({ id }) => id === attachment);
    for (const lane of LANES) {
      const found = both[lane].state().attachments[index];
      if (found) both[lane].receive({ type: 'detach', attachment: found.id });
    }
  }

  /** Stops both turns before the lanes leave their conversations, which the chat may open next. */
  function leave(both: PerLane<ChatHost>): void {
    for (const lane of LANES) stop(both[lane]);
    setRounds([]);
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

  function receive(both: PerLane<ChatHost>, message: SharedRequest): void {
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
      const view = {};
      views.add(view);
      let laneViews: PerLane<ChatView> | null = null;
      const postFrom = (lane: Lane) => (message: HostMessage) => {
        const postNow = () => post({ type: 'lane', lane, message });
        if (postponed) postponed.push(postNow);
        else postNow();
      };

      function onReady(both: PerLane<ChatHost>): void {
        if (!views.has(view)) return closeIfUnused();
        laneViews ??= {
          left: both.left.connect(postFrom('left')),
          right: both.right.connect(postFrom('right')),
        };
        readyViews.add(post);
        post({ type: 'rounds', rounds });
        for (const lane of LANES) laneViews[lane].receive({ type: 'ready' });
      }

      return {
        receive(input) {
          const message = parseMessage(comparisonViewMessage, input);
          if (message.type === 'ready') {
            opening ??= openLanes();
            return void opening.then(onReady);
          }
          // Requests before the view is ready are ignored.
          if (laneViews === null || lanes === null) return;
          if (message.type === 'lane') laneViews[message.lane].receive(message.message);
          else if (message.type !== 'send') receive(lanes, message);
          // Another view sent first: return the prompt to its author.
          else if (!send(lanes, message)) postFrom('left')({ ...message, type: 'unsent' });
        },
        dispose() {
          views.delete(view);
          readyViews.delete(post);
          for (const lane of LANES) laneViews?.[lane].dispose();
          closeIfUnused();
        },
      };
    },
    async dispose() {
      views.clear();
      readyViews.clear();
      const both = await opening;
      if (both) for (const lane of LANES) stop(both[lane]);
      closeIfUnused();
      await closing;
    },
  };
}

/** A request that concerns both lanes. */
type SharedRequest = Exclude<ComparisonViewMessage, { readonly type: 'ready' | 'lane' | 'send' }>;

function isRunning(lane: ChatHost): boolean {
  return runningTurn(lane.state()) !== null;
}

/** True if the lane's agent is listed and no turn is running. */
function canSend(lane: ChatHost): boolean {
  const { agent, agents } = lane.state();
  return !isRunning(lane) && agents.some(({ id }) => id === agent);
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

function hasTurn(lane: ChatHost, turn: string): boolean {
  return lane.state().turns.some(({ id }) => id === turn);
}
