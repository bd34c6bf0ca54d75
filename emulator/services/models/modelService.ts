import type { ModelSpec } from '../../../src/shared/modelSpec.ts';
import type { Clock } from '../../clock.ts';
import { OptionError } from '../../optionError.ts';
import type { EmulatorOptions } from '../../options.ts';
import type { Service, ServiceContext } from '../../service.ts';
import { createBedrockOperations } from './bedrock/bedrockOperations.ts';
import type { ModelBackend } from './modelBackend.ts';
import { createModelCalls, type ModelCalls } from './modelCalls.ts';
import { ModelError } from './modelError.ts';
import { createModelSelection, type ModelSelection } from './modelSelection.ts';
import { createOfflineSettings, type OfflineSettings } from './offline/offlineSettings.ts';
import { createScriptFiles } from './offline/scriptFiles.ts';
import { openBackend, type BackendOptions } from './openBackend.ts';
import { createProtocolRoute, type ModelProtocol } from './protocolRoute.ts';
import { modelVariables } from './sessionEnvironment.ts';
import { findTokenProvider } from './upstream/tokenProvider.ts';
import { createTextModel } from './textModel.ts';

/** Long enough for a local model without a GPU. */
const TEXT_MODEL_SECONDS = 120;

/** Creates the model endpoints of agents: Bedrock Runtime, Anthropic and OpenAI. */
export async function createModelService(context: ServiceContext): Promise<Service> {
  const { options, clock } = context;
  const offline = createOfflineSettings(options.offlineModel);
  const backendOptions = createBackendOptions(context, offline);
  const selection = await openSelection(options, (spec) => openBackend(spec, backendOptions));
  const calls = createModelCalls(selection);
  return {
    name: 'models',
    operations: createBedrockOperations({ calls, clock }),
    routes: [
      createProtocolRoute('/anthropic', () => openAnthropic(calls), context),
      createProtocolRoute('/openai/v1', () => openOpenai(calls, clock), context),
    ],
    sessionOperations: [
      'Converse',
      'ConverseStream',
      'CountTokens',
      'InvokeModel',
      'InvokeModelWithResponseStream',
    ],
    openTextModel: (name) =>
      createTextModel(name, {
        open: selection.open,
        timeoutSeconds: options.memoryTimeout ?? TEXT_MODEL_SECONDS,
        ...context,
      }),
    environmentFor: ({ url, source }) => modelVariables(url, source),
    admin: async () => (await import('./adminRoutes.ts')).createModelRoutes(selection, offline),
    close: selection.close,
  };
}

function createBackendOptions(
  { options, region, clock, server, logger }: ServiceContext,
  { read: settings }: OfflineSettings,
): BackendOptions {
  const { model, agentModels = {}, memoryModel, memoryEmbeddings, modelTokens: source } = options;
  const named = [model, ...Object.values(agentModels), memoryModel, memoryEmbeddings];
  return {
    offline: {
      settings,
      scriptFor: createScriptFiles(options.agents, logger),
      clock,
      logger,
    },
    upstream: {
      environment: process.env,
      tokens: source === undefined ? undefined : { source, provider: findTokenProvider(named) },
      ownUrl: server.url,
      logger,
    },
    region,
  };
}

async function openAnthropic(calls: ModelCalls): Promise<ModelProtocol> {
  return (await import('./anthropic/anthropicProtocol.ts')).createAnthropicProtocol(calls);
}

async function openOpenai(calls: ModelCalls, clock: Clock): Promise<ModelProtocol> {
  return (await import('./openai/openaiProtocol.ts')).createOpenaiProtocol(calls, clock);
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
