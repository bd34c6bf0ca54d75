import type { HostMessage } from './hostMessage.ts';
import type {
  AttachmentRequest,
  CodeRequest,
  SessionRequest,
  SourceRequest,
  TurnRequest,
} from './viewMessage.ts';

// A comparison is two chats that are told the same at the same moment. Each of them speaks the chat
// protocol, whose messages carry whose they are; what concerns both is said once.

/** One of the two chats that stand side by side. */
export type Lane = 'left' | 'right';

/** Something of each. */
export type PerLane<Value> = Readonly<Record<Lane, Value>>;

/** Something that was asked on both sides: the ids of the two turns. */
export type Round = PerLane<string>;

/** What the host of a comparison posts to a view. */
export type ComparisonHostMessage =
  | { readonly type: 'lane'; readonly lane: Lane; readonly message: HostMessage }
  /** All that was asked, oldest first. */
  | { readonly type: 'rounds'; readonly rounds: readonly Round[] };

/** What is asked of one lane alone; whatever would part the two is not among it. */
export type LaneRequest =
  | Exclude<TurnRequest, { readonly type: 'send' | 'retry' }>
  /** The same again: other words would be another question. */
  | { readonly type: 'retry'; readonly turn: string }
  | SessionRequest
  | Exclude<SourceRequest, { readonly type: 'chooseAgent' }>
  | CodeRequest
  | { readonly type: 'dismissProblem' };

/** What a view of a comparison posts to its host. */
export type ComparisonViewMessage =
  /** The view listens; nothing is posted to it before. */
  | { readonly type: 'ready' }
  | { readonly type: 'lane'; readonly lane: Lane; readonly message: LaneRequest }
  /** To both, at the same moment. */
  | Extract<TurnRequest, { readonly type: 'send' | 'cancelWork' }>
  | AttachmentRequest
  /** End both answers. */
  | { readonly type: 'stopBoth' }
  /** Compare this agent; what was said is over, for both must have heard the same. */
  | { readonly type: 'choose'; readonly lane: Lane; readonly agent: string }
  /** Begin a new conversation on both sides. */
  | { readonly type: 'begin' };
