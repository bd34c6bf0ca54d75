/** Failures that the offline model simulates. */
export const OFFLINE_FAULTS = [
  'throttling',
  'unavailable',
  'timeout',
  'cutStream',
  'maxTokens',
  'guardrail',
] as const;

export type OfflineFault = (typeof OFFLINE_FAULTS)[number];

/** Settings of the offline model, which apply to all replies from the next call on. */
export interface OfflineModelSettings {
  /** Milliseconds before each reply, at most MAX_LATENCY. */
  readonly latency: number;
  /** The speed of replies, at least MIN_TOKENS_PER_SECOND; null sends them at once. */
  readonly tokensPerSecond: number | null;
  /** A failure of every call; null for none. */
  readonly fault: OfflineFault | null;
}

export const DEFAULT_OFFLINE_SETTINGS: OfflineModelSettings = {
  latency: 0,
  tokensPerSecond: null,
  fault: null,
};

export const MAX_LATENCY = 600_000;
export const MIN_TOKENS_PER_SECOND = 0.1;
