import * as z from 'zod';
import { readRuntimeArn, type AwsRequest, type DeployedTarget } from '../../shared/targets.ts';

const profile = z.string();

const arn = z.string().refine((written) => readRuntimeArn(written) !== null, {
  error: 'is no ARN of a runtime',
});

/** A target as a view sends it, and as it was kept. */
export const deployedTarget = z.object({
  arn,
  qualifier: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,47}$/),
  protocol: z.enum(['HTTP', 'MCP', 'A2A', 'AGUI']),
  profile,
  authorization: z.enum(['signature', 'token']),
  lifecycle: z.exactOptional(z.object({ idleSeconds: z.number(), maxSeconds: z.number() })),
}) satisfies z.ZodType<DeployedTarget>;

/** What a view may ask of AWS. */
export const awsRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('readAccount'), profile: profile.optional() }),
  z.object({
    type: z.literal('listRuntimes'),
    profile,
    // It becomes part of a host's name, to which credentials are shown.
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d+$/),
  }),
  z.object({ type: z.literal('lookUp'), profile, arn }),
  z.object({ type: z.literal('addTarget'), target: deployedTarget }),
  z.object({ type: z.literal('removeTarget'), agent: z.string() }),
]) satisfies z.ZodType<AwsRequest>;
