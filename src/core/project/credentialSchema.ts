import * as z from 'zod';
import { fields, nonEmpty, text } from './schemaText.ts';

const name = text(/^[A-Za-z0-9_-]{1,128}$/, 'up to 128 letters, digits, - and _');
const secret = fields({ secretId: nonEmpty, jsonKey: nonEmpty });

/** Members of AWS's provider configurations that are secrets. */
const SECRETS = new Set(['clientSecret', 'apiKey']);

const oauth = fields({
  authorizerType: z.literal('OAuthCredentialProvider'),
  name,
  vendor: nonEmpty.default('CustomOauth2'),
  clientId: nonEmpty.optional(),
  discoveryUrl: text(/^https?:\/\/\S+$/, 'a URL').optional(),
  scopes: z.array(nonEmpty).optional(),
  providerConfig: z.record(z.string(), z.unknown()).optional(),
  clientSecretRef: secret.optional(),
  managed: z.boolean().optional(),
  usage: z.enum(['inbound', 'outbound']).optional(),
}).superRefine(({ providerConfig, clientId, discoveryUrl, scopes }, check) => {
  if (!providerConfig) return;
  const report = (message: string) =>
    check.addIssue({ code: 'custom', message, path: ['providerConfig'] });
  if (clientId ?? discoveryUrl ?? scopes) {
    report('cannot be combined with clientId, discoveryUrl or scopes. Use one of the two.');
  }
  // The message must not show the secret, so the issue's path ends above it.
  if (containsSecret(providerConfig)) {
    check.addIssue({
      code: 'custom',
      message: SECRET_FOUND,
      path: ['providerConfig'],
      params: { isSecret: true },
    });
  }
});

const SECRET_FOUND =
  'The value contains a secret. Move it to agentcore/.env.local, or name it with clientSecretRef.';

function containsSecret(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, part]) => SECRETS.has(key) || containsSecret(part));
}

/** An entry of `credentials` in agentcore.json. */
export const credential = z.discriminatedUnion(
  'authorizerType',
  [
    fields({
      authorizerType: z.literal('ApiKeyCredentialProvider'),
      name,
      secretRef: secret.optional(),
    }),
    oauth,
    fields({
      authorizerType: z.literal('PaymentCredentialProvider'),
      name,
      provider: z.enum(['CoinbaseCDP', 'StripePrivy']),
    }),
  ],
  'one of "ApiKeyCredentialProvider", "OAuthCredentialProvider", "PaymentCredentialProvider"',
);
