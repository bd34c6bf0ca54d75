import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import type { CallerSource } from '../../emulator/policy/callers.ts';
import { UsageError } from './usage.ts';

const tags = z.record(z.string(), z.string()).optional();
const policies = z.array(z.union([z.string(), z.record(z.string(), z.unknown())]));
const described = { arn: z.string().optional(), tags, policies };

const file = z.strictObject({
  callers: z.array(
    z.union(
      [
        z.strictObject({ accessKeyId: z.string().min(1), ...described }),
        z.strictObject({ agent: z.string().min(1), ...described }),
      ],
      {
        error:
          'is to be {"accessKeyId": …} or {"agent": …} with "policies": […], and may have "tags": {…} and "arn"',
      },
    ),
  ),
});

/**
 * Who calls, by which policies and tags: of a file of JSON. A policy stands there itself, or is the
 * name of a file beside it, so that the one that is deployed is the one that is tested.
 */
export function readCallers(path: string): CallerSource[] {
  const result = file.safeParse(readJson(path));
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new UsageError(`--iam: ${path}: ${issue?.path.join('.') || 'it'}: ${issue?.message}`);
  }
  return result.data.callers.map(({ policies: given, arn, tags: theirs, ...is }) => ({
    is,
    arn,
    tags: theirs,
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
    throw new UsageError(`--iam: there is no file ${path} that can be read`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--iam: ${path} is not valid JSON: ${(error as Error).message}`);
  }
}
