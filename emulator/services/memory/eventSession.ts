/** An actor's session in a memory: the owner of events and branches. */
export interface EventSession {
  readonly memory: string;
  readonly actor: string;
  readonly session: string;
}
