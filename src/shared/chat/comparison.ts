import type { HostMessage } from './hostMessage.ts';
import type {
  AttachmentRequest,
  CodeRequest,
  SessionRequest,
  SourceRequest,
  TurnRequest,
} from './viewMessage.ts';

// A comparison is two chats that get the same prompts at the same time. Each uses the chat protocol,
// and its messages carry the lane. Messages for both lanes are sent once.

/** One of the two chats of a comparison. */
export type Lane = 'left' | 'right';

/** A value for each lane. */
export type PerLane<Value> = Readonly<Record<Lane, Value>>;

/** A prompt that both lanes got: the IDs of the two turns. */
export type Round = PerLane<string>;

/** A message of a comparison's host to a view. */
export type ComparisonHostMessage =
  | { readonly type: 'lane'; readonly lane: Lane; readonly message: HostMessage }
  /** All rounds, oldest first. */
  | { readonly type: 'rounds'; readonly rounds: readonly Round[] };

/** A request to one lane. Requests after which the lanes would differ are excluded. */
export type LaneRequest =
  | Exclude<TurnRequest, { readonly type: 'send' | 'retry' }>
  /** Only the same prompt; another one would go to both lanes. */
  | { readonly type: 'retry'; readonly turn: string }
  | SessionRequest
  | Exclude<SourceRequest, { readonly type: 'chooseAgent' }>
  | CodeRequest
  | { readonly type: 'dismissProblem' };

/** A message of a comparison's view to its host. */
export type ComparisonViewMessage =
  /** The view is ready; nothing is posted to it before. */
  | { readonly type: 'ready' }
  | { readonly type: 'lane'; readonly lane: Lane; readonly message: LaneRequest }
  /** Goes to both lanes at the same time. */
  | Extract<TurnRequest, { readonly type: 'send' | 'cancelWork' }>
  | AttachmentRequest
  /** Stops both answers. */
  | { readonly type: 'stopBoth' }
  /** Compares another agent and starts both lanes anew, so that both have the same prompts. */
  | { readonly type: 'choose'; readonly lane: Lane; readonly agent: string }
  /** Starts a new conversation in both lanes. */
  | { readonly type: 'begin' };
