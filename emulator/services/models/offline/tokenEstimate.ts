import type { ModelRequest } from '../modelRequest.ts';

/** Estimates the tokens of a prompt: a token for every four characters of its JSON. */
export function estimateTokens({ system, messages, tools }: ModelRequest): number {
  return Math.ceil(JSON.stringify([system, messages, tools]).length / 4);
}
