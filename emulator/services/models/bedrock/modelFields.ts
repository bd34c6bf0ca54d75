import { ModelError } from '../modelError.ts';
import type { ModelRequest } from '../modelRequest.ts';
import { effortToTokens, REASONING_EFFORTS } from '../reasoningEffort.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The smallest budget that Claude accepts. */
const MIN_REASONING_TOKENS = 1024;

/**
 * Reads the fields of additionalModelRequestFields that every backend can apply: Claude's `thinking`
 * and `top_k`, and those of Nova. Others are hints for one model and have no effect.
 */
export function readModelFields(
  document: unknown,
  effort: string | undefined,
  request: ModelRequest,
): Partial<Pick<ModelRequest, 'reasoningTokens' | 'topK'>> {
  if (document === undefined) return {};
  const fields = readObject(document, 'additionalModelRequestFields');
  const inferenceConfig = fields['inferenceConfig'] as Fields | undefined;
  const topK = fields['top_k'] ?? fields['topK'] ?? fields['k'] ?? inferenceConfig?.['topK'];
  const reasoningTokens = readReasoning(fields, effort, request);
  if (topK !== undefined && (typeof topK !== 'number' || topK < 0)) {
    throw refused(`top_k: Input should be a valid integer, and not ${JSON.stringify(topK)}`);
  }
  return {
    ...(topK !== undefined && { topK }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
  };
}

function readReasoning(
  fields: Fields,
  effort: string | undefined,
  { maxTokens, toolChoice }: ModelRequest,
): number | undefined {
  const name = ['thinking', 'reasoning_config', 'reasoningConfig'].find((key) => key in fields);
  if (name === undefined) return undefined;
  const config = readObject(fields[name], `additionalModelRequestFields.${name}`);
  const { type, budget_tokens: budget, maxReasoningEffort } = config;
  if (type === 'disabled') return undefined;
  if (toolChoice.type === 'any' || toolChoice.type === 'tool') {
    throw refused('Thinking may not be enabled when tool_choice forces tool use.');
  }
  // A model that chooses its own amount of reasoning has an effort instead of a budget.
  if (type === 'adaptive' || name === 'reasoningConfig') {
    return readEffort(maxReasoningEffort ?? effort ?? 'high');
  }
  if (type !== 'enabled') {
    throw refused(
      `${name}.type: Input should be 'enabled', 'adaptive' or 'disabled', and not ${JSON.stringify(type)}`,
    );
  }
  if (typeof budget !== 'number' || budget < MIN_REASONING_TOKENS) {
    throw refused(
      `${name}.enabled.budget_tokens: Input should be greater than or equal to ${MIN_REASONING_TOKENS}`,
    );
  }
  if (maxTokens !== undefined && maxTokens <= budget) {
    throw refused(`\`max_tokens\` must be greater than \`${name}.budget_tokens\`.`);
  }
  return budget;
}

function readEffort(effort: unknown): number | undefined {
  const known = REASONING_EFFORTS.find((name) => name === effort);
  if (known) return effortToTokens(known);
  throw refused(
    `effort: Input should be one of ${REASONING_EFFORTS.join(', ')}, and not ${JSON.stringify(effort)}`,
  );
}

function readObject(value: unknown, path: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new ModelError(
    'invalid',
    `The format of the value at ${path} is invalid. Provide a json object for the field and try again.`,
  );
}

/** Creates a model's error about its own fields, as Converse returns it. */
function refused(message: string): ModelError {
  return new ModelError('invalid', `The model returned the following errors: ${message}`);
}
