import { parseModelSpec } from '../../../../src/shared/modelSpec.ts';

/** A provider that tokens belong to: Anthropic, or the URL of an OpenAI-compatible server. */
export type TokenProvider = 'anthropic' | `http${string}`;

/**
 * Returns the provider of `--model-tokens`: the first that the given backends name, or Anthropic. No other
 * provider gets the tokens.
 */
export function findTokenProvider(models: readonly (string | undefined)[]): TokenProvider {
  for (const model of models) {
    const provider = model === undefined ? null : providerOf(model);
    if (provider !== null) return provider;
  }
  return 'anthropic';
}

function providerOf(model: string): TokenProvider | null {
  const spec = parseModelSpec(model);
  switch (spec?.kind) {
    case 'anthropic':
      return 'anthropic';
    case 'openai':
      return spec.url as TokenProvider;
    case 'record':
      return providerOf(spec.from);
    case 'bedrock':
    case 'cassette':
    case 'offline':
    case 'ollama':
    case undefined:
      return null;
  }
}
