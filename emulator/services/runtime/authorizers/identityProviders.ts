import type { JSONWebKeySet } from 'jose';
import type { Clock } from '../../../clock.ts';
import { isLoopback } from '../../../../src/shared/loopback.ts';

/** An identity provider, as its own documents describe it. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly keysUrl: string;
  readonly keys: JSONWebKeySet;
}

/** Identity providers by discovery URL, cached for a while. */
export interface IdentityProviders {
  /** Rejects with the reason if the provider cannot be read. */
  find(discoveryUrl: string): Promise<IdentityProvider>;
  /** Reads a provider again whose cached keys do not match, at a limited rate. */
  refresh(discoveryUrl: string): Promise<IdentityProvider>;
}

/** A withdrawn key is accepted no longer than this. */
const CACHE_MILLISECONDS = 10 * 60_000;
/** Minimum interval between reads for tokens with unknown keys. */
export const KEY_REFRESH_INTERVAL_MS = 10_000;
const RESPONSE_TIMEOUT_MILLISECONDS = 5_000;
/** Limit for discovery documents and keys, which are a few kilobytes. */
const MAX_RESPONSE_BYTES = 1024 * 1024;

interface CachedProvider {
  readonly provider: Promise<IdentityProvider>;
  readonly at: number;
  /** Time of the last repeated read. */
  readonly refreshedAt: number;
}

/** Creates an empty cache. */
export function createIdentityProviders({
  clock,
}: {
  readonly clock: Pick<Clock, 'realNow'>;
}): IdentityProviders {
  const cache = new Map<string, CachedProvider>();

  function loadAndCache(discoveryUrl: string, refreshedAt: number): Promise<IdentityProvider> {
    const provider = load(discoveryUrl);
    const entry = { provider, at: clock.realNow(), refreshedAt };
    cache.set(discoveryUrl, entry);
    // A failure may be temporary.
    provider.catch(() => {
      if (cache.get(discoveryUrl) === entry) cache.delete(discoveryUrl);
    });
    return provider;
  }

  return {
    async find(discoveryUrl) {
      const cached = cache.get(discoveryUrl);
      if (cached && clock.realNow() - cached.at < CACHE_MILLISECONDS) return cached.provider;
      return loadAndCache(discoveryUrl, -Infinity);
    },
    async refresh(discoveryUrl) {
      const cached = cache.get(discoveryUrl);
      const now = clock.realNow();
      if (cached && now - cached.refreshedAt < KEY_REFRESH_INTERVAL_MS) return cached.provider;
      return loadAndCache(discoveryUrl, now);
    },
  };
}

async function load(discoveryUrl: string): Promise<IdentityProvider> {
  const { issuer, jwks_uri: keysUrl } = await fetchObject(discoveryUrl);
  if (typeof issuer !== 'string' || typeof keysUrl !== 'string') {
    throw new Error(`${discoveryUrl} contains no issuer or jwks_uri`);
  }
  const { keys } = await fetchObject(keysUrl);
  if (!Array.isArray(keys)) throw new Error(`${keysUrl} contains no keys`);
  return { issuer, keysUrl, keys: { keys } };
}

async function fetchObject(url: string): Promise<Record<string, unknown>> {
  requireSecureUrl(url);
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json' },
      // A redirect could lead to an insecure connection.
      redirect: 'error',
      signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MILLISECONDS),
    });
    if (!response.ok) throw new Error(`the provider returned status ${response.status}`);
    return readObject(await readText(response));
  } catch (error) {
    const { message, cause } = error as Error;
    throw new Error(`${url}: ${cause instanceof Error ? cause.message : message}`, {
      cause: error,
    });
  }
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_RESPONSE_BYTES)
      throw new Error(`the response has more than ${MAX_RESPONSE_BYTES} bytes`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

// The content is not quoted, since a discoveryUrl could otherwise read private URLs of this machine.
function readObject(text: string): Record<string, unknown> {
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    // Neither null nor a bare value is valid.
  }
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw new Error('the response is not a JSON object');
}

/** Keys over plain HTTP could be forged, except on this machine, where test providers run. */
function requireSecureUrl(url: string): void {
  if (!URL.canParse(url)) throw new Error(`${url} is not a URL`);
  const { protocol, hostname } = new URL(url);
  const name = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(name))) return;
  throw new Error(`${url} is not https; http is allowed only for this machine's own address`);
}
