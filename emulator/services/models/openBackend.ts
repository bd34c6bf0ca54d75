import type { ModelSpec } from '../../../src/shared/modelSpec.ts';
import type { ModelBackend } from './modelBackend.ts';
import { ModelError } from './modelError.ts';
import { createOfflineBackend } from './offline/offlineBackend.ts';

/** Opens a backend. Throws a ModelError that says why it cannot be used. */
export function openBackend(spec: ModelSpec): ModelBackend {
  switch (spec.kind) {
    case 'offline':
      return createOfflineBackend();
    case 'anthropic':
    case 'bedrock':
    case 'cassette':
    case 'ollama':
    case 'openai':
      throw new ModelError('notEmulated', `The backend ${spec.kind} is not supported yet.`);
  }
}
