import * as z from 'zod';
import { fields, nonEmpty, resourceName, text } from './schemaText.ts';

const connector = fields({
  name: resourceName,
  provider: z.enum(['CoinbaseCDP', 'StripePrivy']).default('CoinbaseCDP'),
  provisionMode: z.enum(['MANUAL', 'QUICK_CREATE']).default('MANUAL'),
  credentialName: nonEmpty.optional(),
}).superRefine(({ provider, provisionMode, credentialName }, check) => {
  const report = (field: string, message: string) =>
    check.addIssue({ code: 'custom', message, path: [field] });
  if (provisionMode === 'MANUAL') {
    if (credentialName !== undefined) return;
    report('credentialName', 'The value is missing. Use the name of an entry of credentials.');
    return;
  }
  if (credentialName !== undefined) {
    report('credentialName', 'has no effect with provisionMode QUICK_CREATE. Remove it.');
  }
  if (provider !== 'CoinbaseCDP') {
    report('provider', 'cannot be created with QUICK_CREATE. Use provisionMode MANUAL.');
  }
});

/** An entry of `payments`. */
export const paymentManager = fields({
  name: text(/^[A-Za-z][A-Za-z0-9]{0,47}$/, 'a letter followed by up to 47 letters or digits'),
  authorizerType: z.enum(['AWS_IAM', 'CUSTOM_JWT']).default('AWS_IAM'),
  authorizerConfiguration: fields({
    customJWTAuthorizer: fields({
      discoveryUrl: text(/^https?:\/\/\S+$/, 'a URL'),
      allowedClients: z.array(z.string()).optional(),
      allowedAudience: z.array(z.string()).optional(),
      allowedScopes: z.array(z.string()).optional(),
    }),
  }).optional(),
  connectors: z.array(connector).default([]),
  description: z.string().optional(),
  autoPayment: z.boolean().optional(),
  defaultSpendLimit: z.string().optional(),
  paymentToolAllowlist: z.array(z.string()).optional(),
  networkPreferences: z.array(z.string()).optional(),
}).superRefine(({ authorizerType, authorizerConfiguration }, check) => {
  if (authorizerType !== 'CUSTOM_JWT' || authorizerConfiguration) return;
  const message = 'The value is missing. Add a customJWTAuthorizer, which CUSTOM_JWT requires.';
  check.addIssue({ code: 'custom', message, path: ['authorizerConfiguration'] });
});
