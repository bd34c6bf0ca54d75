import * as z from 'zod';
import { fields, nonEmpty, text } from './schemaText.ts';

/** The ARN of a resource of AgentCore. */
function agentCoreArn(resource: string, account = String.raw`\d{12}`) {
  return text(
    new RegExp(`^arn:[^:]+:bedrock-agentcore:[a-z0-9-]+:${account}:${resource}/.+$`),
    `an ARN such as arn:aws:bedrock-agentcore:us-east-1:123456789012:${resource.replace(/\W.*/, '')}/ID`,
  );
}

/** The account is "aws" for the browser and the code interpreter that AWS offers to everyone. */
const ANY_ACCOUNT = String.raw`(?:\d{12}|aws)`;

const outboundAuth = fields({
  awsIam: fields({}).optional(),
  none: fields({}).optional(),
  oauth: fields({
    providerArn: nonEmpty,
    scopes: z.array(nonEmpty),
    grantType: z.enum(['CLIENT_CREDENTIALS', 'AUTHORIZATION_CODE', 'TOKEN_EXCHANGE']).optional(),
    customParameters: z.record(z.string(), z.string()).optional(),
  }).optional(),
}).refine(
  (auth) => Object.values(auth).filter(Boolean).length === 1,
  'is not an authorization. Use exactly one of awsIam, none, oauth.',
);

/** An entry of a runtime's `connections` to resources outside its project. */
export const connection = fields({
  id: text(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a letter, then letters, digits, _ or -').optional(),
  to: z.discriminatedUnion(
    'type',
    [
      fields({
        type: z.literal('memory'),
        arn: agentCoreArn('memory').optional(),
        name: nonEmpty.optional(),
        namespaces: z.array(nonEmpty).optional(),
      }).refine(
        ({ arn, name }) => !arn !== !name,
        'does not identify a memory. Use either arn or name.',
      ),
      fields({
        type: z.literal('gateway'),
        arn: agentCoreArn('gateway'),
        outboundAuth: outboundAuth.optional(),
      }),
      fields({
        type: z.literal('runtime'),
        arn: agentCoreArn('runtime'),
        exec: z.boolean().optional(),
      }),
      fields({
        type: z.literal('browser'),
        arn: agentCoreArn('browser(?:-custom)?', ANY_ACCOUNT).optional(),
      }),
      fields({
        type: z.literal('codeInterpreter'),
        arn: agentCoreArn('code-interpreter(?:-custom)?', ANY_ACCOUNT).optional(),
      }),
    ],
    'one of "memory", "gateway", "runtime", "browser", "codeInterpreter"',
  ),
  access: z.enum(['read', 'readwrite']).optional(),
  description: z.string().max(200, 'at most 200 characters').optional(),
});
