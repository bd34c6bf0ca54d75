import type { HostMessage } from './hostMessage.ts';

// A comparison is two chats that get the same prompts at the same time. Each uses the chat protocol,
// and its messages carry the lane. Messages for both lanes are sent once.

export const LANES = ['left', 'right'] as const;

/** One of the two chats of a comparison. */
export type Lane = (typeof LANES)[number];

/** A value for each lane. */
export type PerLane<Value> = Readonly<Record<Lane, Value>>;

/** A prompt that both lanes got: the IDs of the two turns. */
export type Round = PerLane<string>;

/** A message of a comparison's host to a view. */
export type ComparisonHostMessage =
  | { readonly type: 'lane'; readonly lane: Lane; readonly message: HostMessage }
  /** All rounds, oldest first. */
  | { readonly type: 'rounds'; readonly rounds: readonly Round[] };
