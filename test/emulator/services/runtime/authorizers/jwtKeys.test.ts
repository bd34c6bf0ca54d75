import { exportJWK, generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import { createTokenValidator } from '../../../../../emulator/services/runtime/authorizers/tokenValidator.ts';
import { useProvider } from '../../../../support/provider.ts';

test('keys that were withdrawn are good for ten minutes, and unknown ones asked for every ten seconds', async () => {
  const provider = await useProvider();
  let now = Date.now();
  const refuse = createTokenValidator({ clock: { realNow: () => now } });
  const authorizer = { discoveryUrl: provider.discoveryUrl };
  const long = Math.floor(now / 1000) + 3_600;
  const old = await provider.token({ exp: long });
  expect(await refuse(old, authorizer)).toBeNull();
  await provider.rotate();
  now += 599_000;
  expect(await refuse(old, authorizer)).toBeNull();
  now += 2_000;
  expect(await refuse(old, authorizer)).toMatch(/not among the keys/);
  const asked = provider.keyRequestCount();
  now += 9_000;
  expect(await refuse(old, authorizer)).toMatch(/not among the keys/);
  expect(provider.keyRequestCount()).toBe(asked);
  now += 2_000;
  expect(await refuse(old, authorizer)).toMatch(/not among the keys/);
  expect(provider.keyRequestCount()).toBe(asked + 1);
});

test.for([
  ['http://127.0.0.1:2/.well-known/openid-configuration', /127\.0\.0\.1:2.*ECONNREFUSED/],
  ['http://provider.example/.well-known/openid-configuration', /is not https; http is taken from/],
  ['nonsense/.well-known/openid-configuration', /nonsense.* is no URL/],
] as const)('a provider that cannot be asked, %s, is said to be', async ([discoveryUrl, why]) => {
  const { token } = await useProvider();
  const refuse = createTokenValidator({ clock: { realNow: () => Date.now() } });
  const refusal = await refuse(await token(), { discoveryUrl });
  expect(refusal).toMatch(/^The keys of the identity provider cannot be had/);
  expect(refusal).toMatch(why);
});

test.for([
  [
    'malformed',
    () => ({ keys: [1] }),
    /^The keys .* cannot be had.*\/keys holds keys that are none/,
  ],
  [
    'private',
    (own: object) => ({ keys: [{ ...own, d: 'AA' }] }),
    /cannot be had.*\/keys holds keys/,
  ],
  [
    'no object',
    () => 'secret',
    /cannot be had.*\/keys: what it answered is not JSON, or no object$/,
  ],
  ['endless', () => 'x'.repeat(2_000_000), /cannot be had.*\/keys: it answered more than 1048576/],
] as const)('keys that are %s are no fault of the token', async ([, keys, why]) => {
  const { token, publish, discoveryUrl } = await useProvider();
  publish(keys);
  const refuse = createTokenValidator({ clock: { realNow: () => Date.now() } });
  expect(await refuse(await token(), { discoveryUrl })).toMatch(why);
});

test('of keys without names each is tried', async () => {
  const { token, publish, discoveryUrl } = await useProvider();
  const other = await exportJWK((await generateKeyPair('ES256')).publicKey);
  const refuse = createTokenValidator({ clock: { realNow: () => Date.now() } });
  // The provider's own tokens name a key, which leaves no doubt; this one has a name of many.
  publish(({ kid, ...own }) => ({
    keys: [
      { ...other, kid },
      { ...own, kid },
    ],
  }));
  expect(await refuse(await token(), { discoveryUrl })).toBeNull();
  const stranger = await useProvider();
  const made = await stranger.token({ iss: new URL(discoveryUrl).origin });
  expect(await refuse(made, { discoveryUrl })).toMatch(/it was changed, or made up/);
});
