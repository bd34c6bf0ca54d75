import type { StrategyConfiguration } from '@aws-sdk/client-bedrock-agentcore-control';
import type { Strategy } from '../strategies.ts';

/** The prompts and the model of a custom strategy. */
export interface StrategyPrompts {
  /** Instructions to append, those of the extraction first. */
  readonly appended: readonly string[];
  readonly modelId: string | undefined;
}

interface PromptOverride {
  readonly appendToPrompt?: string | undefined;
  readonly modelId?: string | undefined;
}

/**
 * Reads the overrides of extraction and consolidation. One call does both, with the model of the
 * extraction if it has one.
 */
export function readStrategyPrompts({ configuration }: Strategy): StrategyPrompts {
  const overrides = readOverrides(configuration);
  return {
    appended: overrides.flatMap(({ appendToPrompt }) => appendToPrompt ?? []),
    modelId: overrides.find(({ modelId }) => modelId)?.modelId,
  };
}

function readOverrides({
  extraction,
  consolidation,
}: StrategyConfiguration = {}): PromptOverride[] {
  // Each is a union with one member: the override of the strategy's type.
  return [
    extraction?.customExtractionConfiguration,
    consolidation?.customConsolidationConfiguration,
  ].flatMap((union) => Object.values(union ?? {}) as PromptOverride[]);
}
