/** What AgentCore allows a caller and an agent at most; Infinity is no limit. */
export interface Quotas {
  /** Seconds for a whole answer that is no stream. */
  readonly request: number;
  /** Seconds for a stream or a web socket. */
  readonly stream: number;
  /** Bytes of one event of a stream. */
  readonly chunk: number;
  /** Bytes of a web socket's frame. */
  readonly frame: number;
  /** Frames of a web socket in a second, each way. */
  readonly frames: number;
  /** Bytes of a header's value that is on the allowlist. */
  readonly header: number;
  /** Calls of one agent in a second. */
  readonly rate: number;
  /** Sessions that are active at a time. */
  readonly sessions: number;
  /** Tokens of which memories make records in a minute. */
  readonly extraction: number;
}

/** AWS's own figures. Rates and numbers differ by account, so they are limited on demand only. */
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

/** The limits of an emulator that was told some of its own. */
export function resolveQuotas(told: Partial<Quotas> = {}): Quotas {
  return { ...awsQuotas, ...told };
}
