/** The model backend of a session, by the names of `--model`, and what else can be chosen. */
export interface SessionModels {
  /** The backend that was chosen for this session; null if it uses the inherited one. */
  readonly own: string | null;
  /** The backend of the agent, or of all agents. */
  readonly inherited: string;
  /** Models of the running Ollama; empty if none runs. */
  readonly ollama: readonly string[];
}
