import { DEFAULT_MODEL, MODEL_SPEC_FORM, parseModelSpec } from './modelSpec.ts';
import { describeModel } from './modelName.ts';

/** A backend that can be chosen as it is. */
export interface ModelOption {
  /** The backend, as `--model` names it. */
  readonly model: string;
  readonly label: string;
}

/** A kind of backend that the user completes with a URL or a file. */
export interface ModelForm {
  readonly label: string;
  readonly example: string;
}

/** Backends without further input. `ollama` are the models of a running Ollama. */
export function listModelOptions(ollama: readonly string[]): readonly ModelOption[] {
  const models = [DEFAULT_MODEL, 'bedrock', 'anthropic', ...ollama.map((name) => `ollama:${name}`)];
  return models.map((model) => ({ model, label: describeModel(model) }));
}

export const MODEL_FORMS: readonly ModelForm[] = [
  { label: 'OpenAI-compatible server…', example: 'openai:http://127.0.0.1:8000/v1#MODEL' },
  { label: 'Replay a cassette…', example: 'cassette:cassettes/example.json' },
  { label: 'Record a cassette…', example: 'record:cassettes/example.json=bedrock' },
];

/** Returns the error in a backend that a user entered; null if it is valid. */
export function validateModel(text: string): string | null {
  if (parseModelSpec(text)) return null;
  return `Not a model backend. Use ${MODEL_SPEC_FORM}.`;
}

/** True if the calls of a backend use the developer's account, and may cost money. */
export function isAccountUsed(text: string): boolean {
  const spec = parseModelSpec(text);
  if (spec?.kind === 'record') return isAccountUsed(spec.from);
  return spec?.kind === 'bedrock' || spec?.kind === 'anthropic';
}
