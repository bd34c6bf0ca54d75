import { resolve } from 'node:path';
import { parseModelSpec, type ModelSpec } from '../../../src/shared/modelSpec.ts';
import type { RecordingSource } from './cassette/cassetteBackend.ts';
import type { ModelBackend } from './modelBackend.ts';
import type { OfflineBackendOptions } from './offline/offlineBackend.ts';
import { refuseOwnAddress } from './upstream/ownAddress.ts';
import type { UpstreamOptions } from './upstream/openUpstream.ts';

/** Dependencies of the backends. Each backend is loaded when it is first chosen. */
export interface BackendOptions {
  readonly offline: OfflineBackendOptions;
  readonly upstream: UpstreamOptions;
  readonly region: string;
}

/** Opens a backend. Throws a ModelError that says why it cannot be used. */
export async function openBackend(spec: ModelSpec, options: BackendOptions): Promise<ModelBackend> {
  switch (spec.kind) {
    case 'offline':
      return (await import('./offline/offlineBackend.ts')).createOfflineBackend(options.offline);
    case 'cassette':
      return openCassette(spec.file, options);
    case 'record': {
      const backend = await openBackend(parseModelSpec(spec.from)!, options);
      return openCassette(spec.file, options, { name: spec.from, backend });
    }
    case 'bedrock': {
      const { environment, ownUrl } = options.upstream;
      for (const variable of ['AWS_ENDPOINT_URL_BEDROCK_RUNTIME', 'AWS_ENDPOINT_URL']) {
        refuseOwnAddress(environment[variable], ownUrl, variable);
      }
      const { createBedrockBackend } = await import('./upstream/bedrockBackend.ts');
      return createBedrockBackend(spec.model, options.region);
    }
    case 'anthropic':
    case 'ollama':
    case 'openai':
      return (await import('./upstream/openUpstream.ts')).openUpstream(spec, options.upstream);
  }
}

async function openCassette(
  file: string,
  { upstream }: BackendOptions,
  source?: RecordingSource,
): Promise<ModelBackend> {
  const [{ createCassetteBackend }, { createRedaction }] = await Promise.all([
    import('./cassette/cassetteBackend.ts'),
    import('./cassette/redaction.ts'),
  ]);
  return createCassetteBackend(resolve(file), createRedaction(upstream.environment), source);
}
