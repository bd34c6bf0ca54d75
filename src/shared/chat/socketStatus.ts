/** The web socket to the agent, where one talks by one. */
export type SocketStatus =
  | { readonly state: 'open' }
  /** It broke, or was ended by who had not done with it. */
  | { readonly state: 'lost'; readonly why: string };
