import { MODEL_SPEC_FORM, parseModelSpec } from '../../shared/modelSpec.ts';

/** Settings of model calls. Empty values use the emulator's defaults. */
export interface ModelSettings {
  /** The backend of all agents, as `--model` expects it. */
  readonly model: string;
  /** Backends of individual agents, by the agent's name. */
  readonly agentModels: Readonly<Record<string, string>>;
  /** A file or a secret with tokens, as `--model-tokens` expects it. */
  readonly modelTokens: string;
}

/** Reads the settings; throws with the setting's name for a backend that does not exist. */
export function readModelSettings(configuration: {
  get<Value>(name: string, defaultValue: Value): Value;
}): ModelSettings {
  const settings: ModelSettings = {
    model: configuration.get('model', '').trim(),
    agentModels: configuration.get('agentModels', {}),
    modelTokens: configuration.get('modelTokens', '').trim(),
  };
  if (settings.model !== '') requireModel('model', settings.model);
  for (const [agent, model] of Object.entries(settings.agentModels)) {
    requireModel(`agentModels: ${agent}`, model);
  }
  return settings;
}

/** The options of `agentcore-emulator start`. */
export function modelOptions({ model, agentModels, modelTokens }: ModelSettings): string[] {
  return [
    ...(model === '' ? [] : [`--model=${model}`]),
    ...Object.entries(agentModels).map(([agent, own]) => `--model=${agent}=${own}`),
    ...(modelTokens === '' ? [] : [`--model-tokens=${modelTokens}`]),
  ];
}

function requireModel(setting: string, model: unknown): void {
  if (typeof model === 'string' && parseModelSpec(model)) return;
  throw new Error(
    `Setting agentcoreWorkbench.${setting}: ${JSON.stringify(model)} is not a model backend. Use ${MODEL_SPEC_FORM}.`,
  );
}
