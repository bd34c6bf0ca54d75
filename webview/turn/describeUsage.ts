import type { Usage } from '../../src/shared/chat/answer.ts';

/** Figures of the usage that an agent reported. */
export function describeUsage({ inputTokens, outputTokens, costInDollars }: Usage): string[] {
  return [
    ...(inputTokens === undefined ? [] : [`${inputTokens.toLocaleString('en')} tokens in`]),
    ...(outputTokens === undefined ? [] : [`${outputTokens.toLocaleString('en')} tokens out`]),
    ...(costInDollars === undefined ? [] : [`$${costInDollars.toPrecision(2)}`]),
  ];
}
