export const REASONING_EFFORTS = [
  'none',
  'minimal',
  'low',
  'medium',
  'high',
  'xhigh',
  'max',
] as const;

/** An amount of reasoning, as protocols without a token budget name it. */
export type ReasoningEffort = (typeof REASONING_EFFORTS)[number];

const TOKENS: Readonly<Record<ReasoningEffort, number | undefined>> = {
  none: undefined,
  minimal: 512,
  low: 1024,
  medium: 4096,
  high: 16_384,
  xhigh: 32_768,
  max: 65_536,
};

/** Returns the token budget of an effort; undefined without reasoning. */
export function effortToTokens(effort: ReasoningEffort): number | undefined {
  return TOKENS[effort];
}

/** Returns the smallest common effort of OpenAI with a budget of at least this many tokens. */
export function tokensToEffort(tokens: number): 'low' | 'medium' | 'high' {
  if (tokens <= TOKENS.low!) return 'low';
  return tokens <= TOKENS.medium! ? 'medium' : 'high';
}
