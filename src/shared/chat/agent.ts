import type { AgentProtocol } from '../emulator.ts';
import type { Authorization } from '../targets.ts';

/** An agent that one can talk to, in whatever protocol it speaks. */
export interface ChatAgent {
  /** Whatever the host knows it by; to the view it is opaque. */
  readonly id: string;
  readonly name: string;
  readonly protocol: AgentProtocol;
  /** Null for a local one. */
  readonly deployment: Deployment | null;
}

/** Where in AWS an agent is, which must never be mistaken. */
export interface Deployment {
  readonly region: string;
  readonly account: string;
  readonly qualifier: string;
  readonly authorization: Authorization;
}

/** Whether the agents can be reached. */
export type Connection =
  | { readonly state: 'starting' }
  | { readonly state: 'ready' }
  | { readonly state: 'gone'; readonly why: string };
