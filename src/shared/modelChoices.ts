/** The backends that were chosen for model calls, by the names of `--model`. */
export interface ModelChoices {
  /** The backend of all agents without a choice of their own. */
  readonly default: string;
  /** By the agent's name. */
  readonly agents: Readonly<Record<string, string>>;
  readonly sessions: readonly {
    readonly runtimeId: string;
    readonly sessionId: string;
    readonly model: string;
  }[];
}
