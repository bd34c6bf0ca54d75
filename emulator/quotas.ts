/** AgentCore's limits on callers and agents. Infinity means no limit. */
export interface Quotas {
  /** Seconds for a complete response that is not a stream. */
  readonly request: number;
  /** Seconds for a stream or a WebSocket. */
  readonly stream: number;
  /** Bytes of one event of a stream. */
  readonly chunk: number;
  /** Bytes of a WebSocket frame's payload. */
  readonly frame: number;
  /** WebSocket frames per second in each direction. */
  readonly frames: number;
  /** Bytes of the value of an allowlisted header. */
  readonly header: number;
  /** Calls per second to one agent. */
  readonly rate: number;
  /** Concurrently active sessions. */
  readonly sessions: number;
  /** Tokens per minute from which memories extract records. */
  readonly extraction: number;
}

/** AWS's values. Rates and counts differ between accounts, so they are unlimited by default. */
export const awsQuotas: Quotas = {
  request: 15 * 60,
  stream: 60 * 60,
  chunk: 10_000_000,
  frame: 65_536,
  frames: 250,
  header: 4_096,
  rate: Infinity,
  sessions: Infinity,
  extraction: Infinity,
};

/** Returns AWS's quotas with the given overrides. */
export function resolveQuotas(overrides: Partial<Quotas> = {}): Quotas {
  return { ...awsQuotas, ...overrides };
}
