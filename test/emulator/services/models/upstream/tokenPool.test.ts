import { describe, expect, test } from 'vitest';
import {
  createTokenPool,
  type TokenOutcome,
  type TokenPool,
  type UpstreamToken,
} from '../../../../../emulator/services/models/upstream/tokenPool.ts';

const A = { name: 'a', value: 'token-a' };
const B = { name: 'b', value: 'token-b' };

async function usePool(tokens: UpstreamToken[], limits = { wait: 2_000, reload: 20 }) {
  const warnings: string[] = [];
  const pool = await createTokenPool({
    source: 'tokens.json',
    load: async () => [...tokens],
    logger: { info() {}, warn: (message) => void warnings.push(message) },
    ...limits,
  });
  return { pool, warnings };
}

const acquire = (pool: TokenPool) => pool.acquire(new AbortController().signal);
const exhausted = (seconds: number): TokenOutcome => ({ type: 'exhausted', seconds });

describe('A token pool', () => {
  test('uses one token until it is exhausted, and then the next.', async () => {
    const { pool } = await usePool([A, B]);
    expect(await acquire(pool)).toMatchObject(A);
    expect(await acquire(pool)).toMatchObject(A);
    pool.report(A, exhausted(60));
    expect(await acquire(pool)).toMatchObject(B);
    expect(await acquire(pool)).toMatchObject(B);
  });

  test('resumes a waiting request when a token is usable again.', async () => {
    const { pool } = await usePool([A]);
    pool.report(A, exhausted(0.1));
    expect(await acquire(pool)).toMatchObject(A);
  });

  test('resumes a waiting request when the user adds a token.', async () => {
    const tokens = [A];
    const { pool } = await usePool(tokens);
    pool.report(A, exhausted(60));
    const waiting = acquire(pool);
    tokens.push(B);
    expect(await waiting).toMatchObject(B);
  });

  test('throttles a request that waited too long, and says when to retry.', async () => {
    const { pool } = await usePool([A], { wait: 50, reload: 20 });
    pool.report(A, exhausted(60));
    await expect(acquire(pool)).rejects.toMatchObject({
      kind: 'throttled',
      message: expect.stringMatching(
        /^All model tokens in tokens\.json are exhausted\. The first is usable again in (?:59|60) s\.$/,
      ),
    });
  });

  test('stops waiting when the client disconnects.', async () => {
    const { pool } = await usePool([A]);
    pool.report(A, exhausted(60));
    const controller = new AbortController();
    const waiting = pool.acquire(controller.signal);
    controller.abort();
    await expect(waiting).rejects.toThrow('aborted');
  });

  test('refuses requests at once if the provider rejects all tokens.', async () => {
    const { pool } = await usePool([A, B]);
    for (const token of [A, B]) pool.report(token, { type: 'rejected', reason: 'status 401' });
    const error = await acquire(pool).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({
      kind: 'authentication',
      message:
        'The provider accepts none of the tokens in tokens.json: a was rejected (status 401), b was rejected (status 401). Replace them.',
    });
  });

  test('warns once when tokens run low, without showing them.', async () => {
    const { pool, warnings } = await usePool([A, B]);
    pool.report(A, { type: 'accepted', remaining: 0.3 });
    pool.report(B, { type: 'accepted', remaining: 0.05 });
    pool.report(B, { type: 'accepted', remaining: 0.04 });
    expect(warnings).toEqual([
      'Model tokens are running low: a has 30 %, b has 5 %. Add tokens to tokens.json.',
    ]);
    expect(JSON.stringify(pool.read())).not.toContain('token-');
  });

  test('is ready if a token is usable, and otherwise says why not.', async () => {
    const { pool } = await usePool([A, B]);
    await pool.check(async ({ name }) =>
      name === 'a'
        ? { type: 'rejected', reason: 'status 401' }
        : { type: 'accepted', remaining: null },
    );
    expect(await acquire(pool)).toMatchObject(B);
    await expect(
      pool.check(async () => ({ type: 'rejected', reason: 'status 401' })),
    ).rejects.toThrow('The provider accepts none of the tokens in tokens.json');
  });
});
