import { resolve } from 'node:path';
import { parseModelSpec, type ModelSpec } from '../../../src/shared/modelSpec.ts';
import type { ModelBackend } from './modelBackend.ts';
import { ModelError } from './modelError.ts';
import type { RecordingSource } from './cassette/cassetteBackend.ts';

/** Opens a backend. Throws a ModelError that says why it cannot be used. */
export async function openBackend(spec: ModelSpec, region: string): Promise<ModelBackend> {
  switch (spec.kind) {
    case 'offline':
      return (await import('./offline/offlineBackend.ts')).createOfflineBackend();
    case 'cassette':
      return openCassette(spec.file);
    case 'record': {
      const backend = await openBackend(parseModelSpec(spec.from)!, region);
      return openCassette(spec.file, { name: spec.from, backend });
    }
    case 'bedrock':
      return (await import('./upstream/bedrockBackend.ts')).createBedrockBackend(
        spec.model,
        region,
      );
    case 'anthropic':
    case 'ollama':
    case 'openai':
      throw new ModelError('notEmulated', `The backend ${spec.kind} is not supported yet.`);
  }
}

async function openCassette(file: string, source?: RecordingSource): Promise<ModelBackend> {
  const [{ createCassetteBackend }, { createRedaction }] = await Promise.all([
    import('./cassette/cassetteBackend.ts'),
    import('./cassette/redaction.ts'),
  ]);
  return createCassetteBackend(resolve(file), createRedaction(process.env), source);
}
