import { exportJWK, generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import { createTokenValidator } from '../../../../../emulator/services/runtime/authorizers/tokenValidator.ts';
import { useProvider } from '../../../../support/provider.ts';

test('a withdrawn key stays valid for ten minutes, and unknown keys are fetched at most every ten seconds', async () => {
  const provider = await useProvider();
  let now = Date.now();
  const validate = createTokenValidator({ clock: { realNow: () => now } });
  const authorizer = { discoveryUrl: provider.discoveryUrl };
  const exp = Math.floor(now / 1000) + 3_600;
  const old = await provider.token({ exp });
  expect(await validate(old, authorizer)).toBeNull();
  await provider.rotate();
  now += 599_000;
  expect(await validate(old, authorizer)).toBeNull();
  now += 2_000;
  expect(await validate(old, authorizer)).toMatch(/not among the keys/);
  const requests = provider.keyRequestCount();
  now += 9_000;
  expect(await validate(old, authorizer)).toMatch(/not among the keys/);
  expect(provider.keyRequestCount()).toBe(requests);
  now += 2_000;
  expect(await validate(old, authorizer)).toMatch(/not among the keys/);
  expect(provider.keyRequestCount()).toBe(requests + 1);
});

test.for([
  ['http://127.0.0.1:2/.well-known/openid-configuration', /127\.0\.0\.1:2.*ECONNREFUSED/],
  [
    'http://provider.example/.well-known/openid-configuration',
    /is not https; http is allowed only/,
  ],
  ['nonsense/.well-known/openid-configuration', /nonsense.* is not a URL/],
] as const)('an unreachable provider is reported: %s', async ([discoveryUrl, reason]) => {
  const { token } = await useProvider();
  const validate = createTokenValidator({ clock: { realNow: () => Date.now() } });
  const problem = await validate(await token(), { discoveryUrl });
  expect(problem).toMatch(/^The keys of the identity provider cannot be read/);
  expect(problem).toMatch(reason);
});

test.for([
  ['malformed', () => ({ keys: [1] }), /^The keys .* cannot be read.*\/keys contains invalid keys/],
  [
    'private',
    (own: object) => ({ keys: [{ ...own, d: 'AA' }] }),
    /cannot be read.*\/keys contains invalid keys/,
  ],
  ['not an object', () => 'secret', /cannot be read.*\/keys: the response is not a JSON object$/],
  [
    'endless',
    () => 'x'.repeat(2_000_000),
    /cannot be read.*\/keys: the response has more than 1048576/,
  ],
] as const)('a provider’s bad keys are reported: %s', async ([, keys, reason]) => {
  const { token, publish, discoveryUrl } = await useProvider();
  publish(keys);
  const validate = createTokenValidator({ clock: { realNow: () => Date.now() } });
  expect(await validate(await token(), { discoveryUrl })).toMatch(reason);
});

test('every key is tried when key IDs are ambiguous', async () => {
  const { token, publish, discoveryUrl } = await useProvider();
  const other = await exportJWK((await generateKeyPair('ES256')).publicKey);
  const validate = createTokenValidator({ clock: { realNow: () => Date.now() } });
  // Both keys have the same ID, so the token does not say which one signed it.
  publish(({ kid, ...own }) => ({
    keys: [
      { ...other, kid },
      { ...own, kid },
    ],
  }));
  expect(await validate(await token(), { discoveryUrl })).toBeNull();
  const stranger = await useProvider();
  const forged = await stranger.token({ iss: new URL(discoveryUrl).origin });
  expect(await validate(forged, { discoveryUrl })).toMatch(/changed or forged/);
});
