import type { ModelSpec } from '../../../../src/shared/modelSpec.ts';
import type { Logger } from '../../../log.ts';
import type { ModelBackend } from '../modelBackend.ts';
import { ModelError } from '../modelError.ts';
import { createAnthropicBackend } from './anthropicBackend.ts';
import { createChatBackend } from './chatBackend.ts';
import { ollamaUrl } from './ollamaUrl.ts';
import { createTokenPool, type TokenPool, type UpstreamToken } from './tokenPool.ts';
import { refuseOwnAddress } from './ownAddress.ts';
import type { TokenProvider } from './tokenProvider.ts';
import { readTokens } from './tokenSource.ts';
import { createUpstreamClient, type Upstream, type UpstreamClient } from './upstreamClient.ts';

/** Dependencies of the backends of providers. */
export interface UpstreamOptions {
  /** The emulator's own environment, with the developer's keys. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The file or secret of `--model-tokens`, and the provider that gets these tokens. */
  readonly tokens: { readonly source: string; readonly provider: TokenProvider } | undefined;
  /** The emulator's own URL. */
  readonly ownUrl: string;
  readonly logger: Logger;
}

type UpstreamSpec = Extract<ModelSpec, { kind: 'anthropic' | 'ollama' | 'openai' }>;

const ANTHROPIC_VERSION = '2023-06-01';

/** Milliseconds between two checks of the tokens of a pool. */
const CHECK_INTERVAL = 60_000;

/** Opens the backend of a provider. With a token pool, waits until the provider accepts a token. */
export async function openUpstream(
  spec: UpstreamSpec,
  options: UpstreamOptions,
): Promise<ModelBackend> {
  switch (spec.kind) {
    case 'anthropic': {
      const source = tokenSource(options, 'anthropic');
      const upstream = anthropic(options.environment, source !== undefined);
      refuseOwnAddress(upstream.url, options.ownUrl, 'ANTHROPIC_BASE_URL');
      const { client, pool } = await openClient(upstream, source, options, '/v1/models');
      return { ...createAnthropicBackend(client, spec.model), ...pool };
    }
    case 'openai': {
      refuseOwnAddress(spec.url, options.ownUrl, spec.url);
      const source = tokenSource(options, spec.url);
      const upstream = openAi(spec.url, options.environment);
      const { client, pool } = await openClient(upstream, source, options, '/models');
      const isOpenAi = URL.parse(spec.url)?.hostname.endsWith('.openai.com');
      const maxTokensField = isOpenAi ? 'max_completion_tokens' : 'max_tokens';
      return { ...createChatBackend(client, spec.model, { maxTokensField }), ...pool };
    }
    case 'ollama': {
      const upstream = ollama(options.environment);
      refuseOwnAddress(upstream.url, options.ownUrl, 'OLLAMA_HOST');
      return createChatBackend(createUpstreamClient(upstream), spec.model, {
        maxTokensField: 'max_tokens',
      });
    }
  }
}

function tokenSource({ tokens }: UpstreamOptions, provider: string): string | undefined {
  return tokens?.provider === provider ? tokens.source : undefined;
}

async function openClient(
  upstream: Omit<Upstream, 'tokens'>,
  source: string | undefined,
  { logger }: UpstreamOptions,
  checkPath: string,
): Promise<{ client: UpstreamClient; pool: Pick<ModelBackend, 'readTokens' | 'close'> }> {
  const tokens = source === undefined ? null : await openPool(source, logger);
  const client = createUpstreamClient({ ...upstream, tokens });
  if (!tokens) return { client, pool: {} };
  const probe = (token: UpstreamToken) => client.probe(checkPath, token);
  await tokens.check(probe);
  const timer = setInterval(() => {
    tokens
      .recheck(probe)
      .catch((error: Error) => logger.warn(`Could not check the model tokens: ${error.message}`));
  }, CHECK_INTERVAL).unref();
  return {
    client,
    pool: { readTokens: () => tokens.read(), close: async () => clearInterval(timer) },
  };
}

function openPool(source: string, logger: Logger): Promise<TokenPool> {
  return createTokenPool({ source, load: () => readTokens(source), logger });
}

type Environment = UpstreamOptions['environment'];

function anthropic(environment: Environment, hasPool: boolean): Omit<Upstream, 'tokens'> {
  const { ANTHROPIC_API_KEY: key, ANTHROPIC_AUTH_TOKEN: bearer } = environment;
  const url = (environment['ANTHROPIC_BASE_URL'] || 'https://api.anthropic.com').replace(
    /\/+$/,
    '',
  );
  if (!key && !bearer && !hasPool) {
    throw new ModelError(
      'authentication',
      'ANTHROPIC_API_KEY is not set. Set it where the emulator starts, or pass a file with tokens as --model-tokens FILE.',
    );
  }
  return {
    name: `Anthropic at ${url}`,
    url,
    token: tokenOf(key || bearer),
    headers: (token) => ({
      ...(key || hasPool ? { 'x-api-key': token?.value ?? '' } : bearerHeaders(token)),
      'anthropic-version': ANTHROPIC_VERSION,
    }),
    unreachable: 'Check your connection and ANTHROPIC_BASE_URL.',
  };
}

function openAi(url: string, environment: Environment): Omit<Upstream, 'tokens'> {
  return {
    name: url,
    url,
    token: tokenOf(environment['OPENAI_API_KEY']),
    headers: bearerHeaders,
    unreachable: 'Start the server, or choose another backend with --model.',
  };
}

function ollama(environment: Environment): Upstream {
  const url = ollamaUrl(environment);
  return {
    name: `Ollama at ${url}`,
    url: `${url}/v1`,
    tokens: null,
    token: null,
    headers: () => ({}),
    unreachable: 'Start it with `ollama serve`, or choose another backend with --model.',
  };
}

/** The key in the environment as a token. */
function tokenOf(value: string | undefined): UpstreamToken | null {
  return value ? { name: 'environment', value } : null;
}

function bearerHeaders(token: UpstreamToken | null): Record<string, string> {
  return token ? { authorization: `Bearer ${token.value}` } : {};
}
