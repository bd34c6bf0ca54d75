/** Status of the WebSocket to the agent. */
export type SocketStatus =
  | { readonly state: 'open' }
  /** The connection broke, or was closed before the agent was done. */
  | { readonly state: 'lost'; readonly why: string };
