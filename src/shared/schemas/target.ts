import * as z from 'zod';
import { parseRuntimeArn, type Target } from '../target.ts';

/** ARN of a runtime, from outside this program. */
export const runtimeArn = z
  .string()
  .refine((text) => parseRuntimeArn(text) !== null, { error: 'not a runtime ARN' });

/** An AWS region. It becomes part of the host name that credentials are sent to. */
export const awsRegion = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d+$/);

/** A target in AWS, from a view or a file. It names no endpoint, so it cannot redirect credentials. */
export const awsTarget = z.strictObject({
  profile: z.exactOptional(z.string()),
  region: awsRegion,
  runtimeArn,
  qualifier: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,47}$/),
  protocol: z.enum(['HTTP', 'MCP', 'A2A', 'AGUI']),
  authorization: z.enum(['signature', 'token']),
  memoryId: z.exactOptional(z.string()),
}) satisfies z.ZodType<Target>;

/** Any target, as a conversation stores it. */
export const storedTarget = awsTarget.extend({
  endpoint: z.exactOptional(z.string()),
}) satisfies z.ZodType<Target>;
