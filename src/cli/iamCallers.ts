import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import type { CallerSource } from '../../emulator/index.ts';
import { UsageError } from './usageError.ts';

const tags = z.record(z.string(), z.string()).optional();
const policies = z.array(z.union([z.string(), z.record(z.string(), z.unknown())]));
const settings = { arn: z.string().optional(), tags, policies };

const file = z.strictObject({
  callers: z.array(
    z.union(
      [
        z.strictObject({ accessKeyId: z.string().min(1), ...settings }),
        z.strictObject({ agent: z.string().min(1), ...settings }),
      ],
      {
        error:
          'must be {"accessKeyId": …} or {"agent": …} with "policies": […], and may have "tags": {…} and "arn"',
      },
    ),
  ),
});

/**
 * Reads callers with their policies and tags from a JSON file. A policy is a document, or the name of
 * a file beside it, so that the policy that is deployed is also the one that is tested.
 */
export function readCallers(path: string): CallerSource[] {
  const result = file.safeParse(readJson(path));
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new UsageError(
      `--iam: ${path}: ${issue?.path.join('.') || 'the file'}: ${issue?.message}.`,
    );
  }
  return result.data.callers.map(({ policies: given, arn, tags: callerTags, ...identity }) => ({
    identity,
    arn,
    tags: callerTags,
    policies: given.map((policy, index) =>
      typeof policy === 'string'
        ? { name: policy, document: readJson(resolve(dirname(path), policy)) }
        : { name: `policy ${index + 1}`, document: policy },
    ),
  }));
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`--iam: ${path} cannot be read.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--iam: ${path} is not valid JSON: ${(error as Error).message}.`);
  }
}
