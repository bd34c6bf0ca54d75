import type { ModelSpec } from '../../../src/shared/modelSpec.ts';
import { OptionError } from '../../optionError.ts';
import type { EmulatorOptions } from '../../options.ts';
import type { Service, ServiceContext } from '../../service.ts';
import { createBedrockOperations } from './bedrock/bedrockOperations.ts';
import type { ModelBackend } from './modelBackend.ts';
import { createModelCalls } from './modelCalls.ts';
import { ModelError } from './modelError.ts';
import { createModelSelection, type ModelSelection } from './modelSelection.ts';
import { openBackend } from './openBackend.ts';

/** Creates the model endpoints of agents: Bedrock Runtime. */
export async function createModelService({ options, region }: ServiceContext): Promise<Service> {
  const selection = await openSelection(options, (spec) => openBackend(spec, region));
  const calls = createModelCalls(selection.select);
  return {
    name: 'models',
    operations: createBedrockOperations(calls),
    sessionOperations: [
      'Converse',
      'ConverseStream',
      'CountTokens',
      'InvokeModel',
      'InvokeModelWithResponseStream',
    ],
    admin: async () => (await import('./adminRoutes.ts')).createModelRoutes(selection),
    close: selection.close,
  };
}

async function openSelection(
  { model, agentModels, agents }: EmulatorOptions,
  open: (spec: ModelSpec) => Promise<ModelBackend>,
): Promise<ModelSelection> {
  const names = agents.map(({ name }) => name);
  const unknown = Object.keys(agentModels ?? {}).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new OptionError(
      'model',
      `the project has no agent '${unknown}'. Its agents: ${names.join(', ') || 'none'}`,
    );
  }
  try {
    return await createModelSelection({ model, agentModels }, open);
  } catch (error) {
    if (error instanceof ModelError) throw new OptionError('model', error.message);
    throw error;
  }
}
