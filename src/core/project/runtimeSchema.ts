import * as z from 'zod';
import { validateAllowlistedHeader } from '../../shared/requestHeaders.ts';
import { authorizerFields, findAuthorizerConflict } from './authorizer.ts';
import { filesystems } from './filesystems.ts';
import { resourceName, tags, text } from './schemaText.ts';

// The limits of AWS for a session on a microVM.
const SECONDS = 'a whole number of seconds from 60 to 28800';
const seconds = z.int(SECONDS).min(60, SECONDS).max(28_800, SECONDS);

const lifecycle = z
  .object({ idleRuntimeSessionTimeout: seconds.optional(), maxLifetime: seconds.optional() })
  .refine(
    ({ idleRuntimeSessionTimeout: idle, maxLifetime: max }) =>
      idle === undefined || max === undefined || idle <= max,
    'is not valid. idleRuntimeSessionTimeout must be less than or equal to maxLifetime.',
  );

const endpoints = z.record(
  resourceName,
  z.object({
    version: z.coerce.string().regex(/^[1-9]\d{0,4}$/, 'the number of a version, such as 1'),
    description: z.string().optional(),
  }),
);

/** An entry of `runtimes` in agentcore.json. Fields that only a deployment uses are kept as they are. */
export const runtime = z
  .looseObject({
    name: resourceName,
    description: z.string().optional(),
    entrypoint: text(
      /\.(py|ts|js|mjs|cjs)(:\w+)?$/,
      'a .py, .ts or .js file, such as main.ts',
    ).optional(),
    codeLocation: z.string("the folder of the agent's code, such as app/Agent").min(1),
    runtimeVersion: text(
      /^(PYTHON_3|NODE)_\d{2}$/,
      'an AWS runtime, such as PYTHON_3_12 or NODE_22',
    ).optional(),
    build: z.enum(['CodeZip', 'Container']).optional(),
    dockerfile: text(
      /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[\w./-]+$/,
      'a path in the build context, such as docker/Dockerfile',
    ).optional(),
    buildContextPath: z.string().min(1).optional(),
    customDockerBuildArgs: z.record(z.string(), z.string()).default({}),
    protocol: z.enum(['HTTP', 'MCP', 'A2A', 'AGUI']).default('HTTP'),
    envVars: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
    requestHeaderAllowlist: z
      .array(
        z.string().superRefine((name, check) => {
          const problem = validateAllowlistedHeader(name);
          if (problem === null) return;
          check.addIssue({ code: 'custom', message: `is not allowed: ${problem}` });
        }),
      )
      .max(20, 'at most 20 headers')
      .default([]),
    lifecycleConfiguration: lifecycle.default({}),
    ...authorizerFields.shape,
    endpoints: endpoints.default({}),
    filesystemConfigurations: filesystems,
    tags: tags.optional(),
  })
  .check(findAuthorizerConflict);

export type ProjectRuntime = z.output<typeof runtime>;

/** The fields of a runtime in versions 1 and 2 of the official CLI's schema. */
export const RUNTIME_FIELDS = `additionalPolicies authorizerConfiguration authorizerType bindingMode
  build buildContextPath capacityProviderConfiguration codeLocation connections customDockerBuildArgs
  description dockerfile endpoints entrypoint envVars executionRoleArn executionRoleConfig
  filesystemConfigurations instrumentation lifecycleConfiguration modelId modelProvider name
  networkConfig networkMode protocol requestHeaderAllowlist runtimeVersion tags type`.split(/\s+/);
