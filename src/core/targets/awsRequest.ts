import * as z from 'zod';
import type { AwsRequest } from '../../shared/aws.ts';
import { awsRegion, awsTarget, runtimeArn } from '../agents/target.ts';

const profile = z.string();

/** A request of a view about agents in AWS. */
export const awsRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('readAccount'), profile: profile.optional() }),
  z.object({ type: z.literal('listRuntimes'), profile, region: awsRegion }),
  z.object({ type: z.literal('lookUp'), profile, arn: runtimeArn }),
  z.object({ type: z.literal('addTarget'), target: awsTarget }),
  z.object({ type: z.literal('removeTarget'), agent: z.string() }),
]) satisfies z.ZodType<AwsRequest>;
