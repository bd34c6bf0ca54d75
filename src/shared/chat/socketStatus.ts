/** Status of the WebSocket to the agent. */
export type SocketStatus =
  | { readonly state: 'open' }
  /** The connection broke, or was closed before the answer was complete. */
  | { readonly state: 'lost'; readonly why: string };
