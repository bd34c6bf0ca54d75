import { setTimeout } from 'node:timers/promises';
import type { Logger } from '../../../log.ts';
import { ModelError } from '../modelError.ts';

/** A provider's token. Only its name appears in logs and responses. */
export interface UpstreamToken {
  readonly name: string;
  readonly value: string;
}

/** The state of a token as the response to its request shows it. */
export type TokenOutcome =
  /** `remaining` is the part of the token's limit that is left; null if the provider does not report it. */
  | { readonly type: 'accepted'; readonly remaining: number | null }
  | { readonly type: 'exhausted'; readonly seconds: number }
  | { readonly type: 'rejected'; readonly reason: string };

/** The tokens of a provider. All requests use one of them until it is unusable, and then the next. */
export interface TokenPool {
  /**
   * Returns a usable token. If all are exhausted, waits until one is usable again, and throws a ModelError
   * if that takes too long.
   */
  acquire(signal: AbortSignal): Promise<UpstreamToken>;
  report(token: UpstreamToken, outcome: TokenOutcome): void;
  /** Names and states, without the tokens. */
  read(): readonly TokenState[];
  /** Probes each token. Throws a ModelError if the provider accepts none. */
  check(probe: TokenProbe): Promise<void>;
  /** Probes the current and the unusable tokens if requests used the pool since the last check. */
  recheck(probe: TokenProbe): Promise<void>;
}

/** Sends a request that uses nothing of a token's limit. Null if the response does not show its state. */
export type TokenProbe = (token: UpstreamToken) => Promise<TokenOutcome | null>;

/** The state of a token that the admin API shows. */
export interface TokenState {
  readonly name: string;
  readonly state: 'unused' | TokenOutcome['type'];
  /** The part of its limit that is left. */
  readonly remaining: number | null;
}

/** Dependencies of a token pool. */
export interface TokenPoolDependencies {
  /** Location of the tokens, for messages. */
  readonly source: string;
  /** Reads the tokens; again while all are unusable, because the user may have added one. */
  load(): Promise<readonly UpstreamToken[]>;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Milliseconds that a request waits for a usable token. */
  readonly wait?: number;
  /** Milliseconds between two readings of the tokens. */
  readonly reload?: number;
}

/** The share of all limits below which a warning is logged. */
const LOW = 0.2;

interface PooledToken {
  readonly token: UpstreamToken;
  outcome: TokenOutcome | null;
  /** The time of `performance.now` from which an exhausted token is usable again. */
  usableAt: number;
}

/** Creates a pool and reads its tokens. */
export async function createTokenPool({
  source,
  load,
  logger,
  wait = 30_000,
  reload = 5_000,
}: TokenPoolDependencies): Promise<TokenPool> {
  let tokens: PooledToken[] = [];
  let current: PooledToken | undefined;
  let isLow = false;
  let loading: Promise<void> | undefined;
  let loadedAt = -Infinity;
  let isUsed = false;

  async function loadTokens(): Promise<void> {
    const loaded = await load();
    loadedAt = performance.now();
    tokens = loaded.map((token) => {
      return findPooled(token) ?? { token, outcome: null, usableAt: 0 };
    });
  }

  function findPooled({ name, value }: UpstreamToken): PooledToken | undefined {
    return tokens.find(({ token }) => token.name === name && token.value === value);
  }

  function setOutcome(pooled: PooledToken, outcome: TokenOutcome): void {
    pooled.outcome = outcome;
    if (outcome.type === 'exhausted') {
      pooled.usableAt = performance.now() + outcome.seconds * 1000;
    }
  }

  /** Requests that wait at the same time share one reading. */
  async function reloadTokens(): Promise<void> {
    if (performance.now() - loadedAt < reload) return;
    loading ??= loadTokens()
      .catch((error: Error) => logger.warn(`Could not reload the model tokens: ${error.message}`))
      .finally(() => (loading = undefined));
    await loading;
  }

  function findUsable(): PooledToken | undefined {
    if (current && tokens.includes(current) && isUsable(current)) return current;
    const next = tokens.find(isUsable);
    if (next && current)
      logger.info(`Model token ${current.token.name} is unusable. Using ${next.token.name}.`);
    if (next) current = next;
    return next;
  }

  function warnIfLow(): void {
    const left = tokens.map(({ outcome }) => remainingOf(outcome));
    const average = left.reduce((sum, each) => sum + each, 0) / left.length;
    if (average < LOW && !isLow) {
      logger.warn(`Model tokens are running low: ${describe(tokens)}. Add tokens to ${source}.`);
    }
    isLow = average < LOW;
  }

  async function probeTokens(chosen: readonly PooledToken[], probe: TokenProbe): Promise<void> {
    await Promise.all(
      chosen.map(async (pooled) => {
        const outcome = await probe(pooled.token);
        if (outcome && isNewInformation(outcome, pooled)) setOutcome(pooled, outcome);
      }),
    );
    warnIfLow();
  }

  await loadTokens();

  return {
    async acquire(signal) {
      isUsed = true;
      const deadline = performance.now() + wait;
      for (;;) {
        const usable = findUsable();
        if (usable) return usable.token;
        await reloadTokens();
        if (tokens.some(isUsable)) continue;
        const resets = tokens.flatMap(({ outcome, usableAt }) =>
          outcome?.type === 'exhausted' ? [usableAt - performance.now()] : [],
        );
        if (resets.length === 0) throw allRejected(tokens, source);
        const untilReset = Math.max(1, Math.min(...resets));
        const left = deadline - performance.now();
        if (left <= 0) throw allExhausted(source, untilReset);
        await setTimeout(Math.min(untilReset, reload, left), undefined, { signal });
      }
    },
    report(token, outcome) {
      const pooled = findPooled(token);
      if (!pooled) return;
      setOutcome(pooled, outcome);
      warnIfLow();
    },
    read: () =>
      tokens.map(({ token: { name }, outcome }) => ({
        name,
        state: outcome?.type ?? 'unused',
        remaining: outcome?.type === 'accepted' ? outcome.remaining : null,
      })),
    async check(probe) {
      await probeTokens(tokens, probe);
      if (tokens.some(isUsable)) return;
      if (tokens.every(isRejected)) {
        throw allRejected(tokens, source);
      }
    },
    async recheck(probe) {
      if (!isUsed) return;
      isUsed = false;
      const chosen = tokens.filter((pooled) => pooled === current || wasRefused(pooled));
      await probeTokens(chosen, probe);
    },
  };
}

/** An accepted probe without a remaining limit does not end an exhaustion or replace a known limit. */
function isNewInformation(probed: TokenOutcome, pooled: PooledToken): boolean {
  if (probed.type !== 'accepted' || probed.remaining !== null) return true;
  if (pooled.outcome?.type === 'accepted') return false;
  return isUsable(pooled) || isRejected(pooled);
}

function isRejected({ outcome }: PooledToken): boolean {
  return outcome?.type === 'rejected';
}

/** Also true for a token that is usable again but was not used since. */
function wasRefused({ outcome }: PooledToken): boolean {
  return outcome?.type === 'rejected' || outcome?.type === 'exhausted';
}

function isUsable({ outcome, usableAt }: PooledToken): boolean {
  if (outcome?.type === 'exhausted') return usableAt <= performance.now();
  return outcome?.type !== 'rejected';
}

function remainingOf(outcome: TokenOutcome | null): number {
  if (outcome?.type === 'accepted') return outcome.remaining ?? 1;
  return outcome === null ? 1 : 0;
}

function describe(tokens: readonly PooledToken[]): string {
  return tokens
    .map(({ token: { name }, outcome, usableAt }) => {
      if (outcome?.type === 'exhausted') {
        const seconds = Math.max(0, Math.ceil((usableAt - performance.now()) / 1000));
        return `${name} is exhausted for ${seconds} s`;
      }
      if (outcome?.type === 'rejected') return `${name} was rejected (${outcome.reason})`;
      return `${name} has ${Math.round(remainingOf(outcome) * 100)} %`;
    })
    .join(', ');
}

function allRejected(tokens: readonly PooledToken[], source: string): ModelError {
  return new ModelError(
    'authentication',
    `The provider accepts none of the tokens in ${source}: ${describe(tokens)}. Replace them.`,
  );
}

function allExhausted(source: string, untilReset: number): ModelError {
  const seconds = Math.ceil(untilReset / 1000);
  return new ModelError(
    'throttled',
    `All model tokens in ${source} are exhausted. The first is usable again in ${seconds} s.`,
    seconds,
  );
}
