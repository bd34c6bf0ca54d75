import type { Service, ServiceContext } from '../../service.ts';
import { createBedrockOperations } from './bedrock/bedrockOperations.ts';
import { createModelCalls } from './modelCalls.ts';
import { createOfflineBackend } from './offline/offlineBackend.ts';

/** Creates the model endpoints of agents: Bedrock Runtime. */
export function createModelService(_context: ServiceContext): Service {
  const backend = createOfflineBackend();
  const calls = createModelCalls(() => ({ name: 'offline', backend }));
  const operations = createBedrockOperations(calls);
  return {
    name: 'models',
    operations,
    sessionOperations: [
      'Converse',
      'ConverseStream',
      'CountTokens',
      'InvokeModel',
      'InvokeModelWithResponseStream',
    ],
    close: async () => backend.close?.(),
  };
}
