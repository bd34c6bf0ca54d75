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
  /** Reads a provider again whose known keys do not match, at a limited rate. */
  renew(discoveryUrl: string): Promise<IdentityProvider>;
}

/** A withdrawn key is accepted no longer than this. */
const KEPT_MILLISECONDS = 10 * 60_000;
/** Minimum interval between reads for tokens with unknown keys. */
export const KEY_REFRESH_INTERVAL_MS = 10_000;
const ANSWER_MILLISECONDS = 5_000;
/** Limit for discovery documents and keys, which are a few kilobytes. */
const LARGEST_ANSWER = 1024 * 1024;

interface Known {
  readonly provider: Promise<IdentityProvider>;
  readonly at: number;
  /** Time of the last repeated read. */
  readonly renewedAt: number;
}

/** Creates an empty cache. */
export function createIdentityProviders({
  clock,
}: {
  readonly clock: Pick<Clock, 'realNow'>;
}): IdentityProviders {
  const known = new Map<string, Known>();

  function ask(discoveryUrl: string, renewedAt: number): Promise<IdentityProvider> {
    const provider = load(discoveryUrl);
    const entry = { provider, at: clock.realNow(), renewedAt };
    known.set(discoveryUrl, entry);
    // A failure may be temporary.
    provider.catch(() => {
      if (known.get(discoveryUrl) === entry) known.delete(discoveryUrl);
    });
    return provider;
  }

  return {
    async find(discoveryUrl) {
      const present = known.get(discoveryUrl);
      if (present && clock.realNow() - present.at < KEPT_MILLISECONDS) return present.provider;
      return ask(discoveryUrl, -Infinity);
    },
    async renew(discoveryUrl) {
      const present = known.get(discoveryUrl);
      const now = clock.realNow();
      if (present && now - present.renewedAt < KEY_REFRESH_INTERVAL_MS) return present.provider;
      return ask(discoveryUrl, now);
    },
  };
}

async function load(discoveryUrl: string): Promise<IdentityProvider> {
  const { issuer, jwks_uri: keysUrl } = await fetchObject(discoveryUrl);
  if (typeof issuer !== 'string' || typeof keysUrl !== 'string') {
    throw new Error(`${discoveryUrl} names no issuer and jwks_uri`);
  }
  const { keys } = await fetchObject(keysUrl);
  if (!Array.isArray(keys)) throw new Error(`${keysUrl} holds no keys`);
  return { issuer, keysUrl, keys: { keys } };
}

async function fetchObject(url: string): Promise<Record<string, unknown>> {
  refuseOpenLine(url);
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json' },
      // A redirect could lead to an insecure connection.
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
    });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
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
    if (length > LARGEST_ANSWER) throw new Error(`it answered more than ${LARGEST_ANSWER} bytes`);
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
  throw new Error('what it answered is not JSON, or no object');
}

/** Keys over plain HTTP could be forged, except on this machine, where providers for tests run. */
function refuseOpenLine(url: string): void {
  if (!URL.canParse(url)) throw new Error(`${url} is no URL`);
  const { protocol, hostname } = new URL(url);
  const name = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(name))) return;
  throw new Error(`${url} is not https; http is taken from this machine's own address only`);
}
