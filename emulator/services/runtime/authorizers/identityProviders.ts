import type { JSONWebKeySet } from 'jose';
import type { Clock } from '../../../clock.ts';
import { isLoopback } from '../../../../src/shared/loopback.ts';

/** An identity provider as its own documents describe it. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly keysUrl: string;
  readonly keys: JSONWebKeySet;
}

/** The identity providers by their discovery URLs, asked once and then remembered for a while. */
export interface IdentityProviders {
  /** Rejects with the reason in words where the provider cannot be asked. */
  find(discoveryUrl: string): Promise<IdentityProvider>;
  /** Asks again for one whose known keys do not do; how often is bounded. */
  renew(discoveryUrl: string): Promise<IdentityProvider>;
}

/** A key that a provider has withdrawn is good for no longer than this. */
const KEPT_MILLISECONDS = 10 * 60_000;
/** Whoever sends tokens of keys that do not exist makes us ask no more often than every so many. */
export const KEY_REFRESH_INTERVAL_MS = 10_000;
const ANSWER_MILLISECONDS = 5_000;
/** Of a discovery document and of keys, which are some kilobytes. */
const LARGEST_ANSWER = 1024 * 1024;

interface Known {
  readonly provider: Promise<IdentityProvider>;
  readonly at: number;
  /** When it was last asked again; keys that come at once need no pause. */
  readonly renewedAt: number;
}

/** Asks nobody yet. */
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
    // What failed may work a moment later.
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
      // A redirection could lead to where a line is not safe.
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

// It is not quoted: whoever names a discoveryUrl is not to read by it what this machine can.
function readObject(text: string): Record<string, unknown> {
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    // Neither that nor a bare value will do.
  }
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw new Error('what it answered is not JSON, or no object');
}

/** Keys that come over an open line may be anybody's; on this machine, where providers for tests run, not. */
function refuseOpenLine(url: string): void {
  if (!URL.canParse(url)) throw new Error(`${url} is no URL`);
  const { protocol, hostname } = new URL(url);
  const name = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(name))) return;
  throw new Error(`${url} is not https; http is taken from this machine's own address only`);
}
