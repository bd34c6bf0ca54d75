import type { Target } from './target.ts';

/** An agent that can be called. */
export interface Agent {
  /** `targetId` of its target. */
  readonly id: string;
  /** Name to show. */
  readonly name: string;
  readonly target: Target;
}

/** State of the connection to the emulator. */
export type Connection =
  | { readonly state: 'starting' }
  | { readonly state: 'ready' }
  | { readonly state: 'gone'; readonly why: string };
