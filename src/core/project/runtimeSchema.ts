import * as z from 'zod';
import { validateAllowlistedHeader } from '../../shared/requestHeaders.ts';
import { authorizerFields, findAuthorizerConflict } from './authorizer.ts';
import { capacityProviderConfiguration, findCapacityConflict } from './capacityProviderSchema.ts';
import { connection } from './connectionSchema.ts';
import { filesystems } from './filesystems.ts';
import { findNetworkConflict, networkFields } from './networkSchema.ts';
import { fields, nonEmpty, resourceName, roleArn, tags, text } from './schemaText.ts';

// The limits of AWS for a session on a microVM.
const SECONDS = 'a whole number of seconds from 60 to 28800';
const seconds = z.int(SECONDS).min(60, SECONDS).max(28_800, SECONDS);

const lifecycle = fields({
  idleRuntimeSessionTimeout: seconds.optional(),
  maxLifetime: seconds.optional(),
}).refine(
  ({ idleRuntimeSessionTimeout: idle, maxLifetime: max }) =>
    idle === undefined || max === undefined || idle <= max,
  'is not valid. idleRuntimeSessionTimeout must be less than or equal to maxLifetime.',
);

const endpoints = z.record(
  resourceName,
  fields({
    version: z.coerce.string().regex(/^[1-9]\d{0,4}$/, 'the number of a version, such as 1'),
    description: z.string().optional(),
  }),
);

const variableName = text(
  /^[A-Za-z_][A-Za-z0-9_]{0,254}$/,
  'a name of letters, digits and _ that does not start with a digit',
);

/** An entry of `runtimes` in agentcore.json, of both versions. */
export const runtime = fields({
  name: resourceName,
  description: z.string().optional(),
  entrypoint: text(
    /\.(py|ts|js|mjs|cjs)(:\w+)?$/,
    'a .py, .ts or .js file, such as main.ts',
  ).optional(),
  codeLocation: z.string("the folder of the agent's code, such as app/Agent").min(1),
  runtimeVersion: z
    .enum(
      [
        ...(['PYTHON_3_10', 'PYTHON_3_11', 'PYTHON_3_12', 'PYTHON_3_13', 'PYTHON_3_14'] as const),
        ...(['NODE_18', 'NODE_20', 'NODE_22'] as const),
      ],
      'an AWS runtime, PYTHON_3_10 to PYTHON_3_14, or NODE_18, NODE_20 or NODE_22',
    )
    .optional(),
  build: z.enum(['CodeZip', 'Container']).optional(),
  dockerfile: text(
    /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[\w./-]+$/,
    'a path in the build context, such as docker/Dockerfile',
  ).optional(),
  buildContextPath: z.string().min(1).optional(),
  customDockerBuildArgs: z.record(variableName, z.string()).default({}),
  protocol: z.enum(['HTTP', 'MCP', 'A2A', 'AGUI']).default('HTTP'),
  envVars: z.array(fields({ name: variableName, value: z.string() })).default([]),
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
  ...networkFields,
  endpoints: endpoints.default({}),
  filesystemConfigurations: filesystems,
  instrumentation: fields({ enableOtel: z.boolean().default(true) }).optional(),
  executionRoleArn: roleArn.optional(),
  executionRoleConfig: fields({
    policyMode: z.literal('explicit'),
    permissionsBoundaryArn: roleArn.optional(),
    tags: tags.optional(),
  }).optional(),
  bindingMode: z.literal('explicit').optional(),
  additionalPolicies: z.array(nonEmpty).optional(),
  connections: z.array(connection).optional(),
  modelProvider: nonEmpty.optional(),
  modelId: nonEmpty.optional(),
  // Only in version 1.
  type: z.literal('AgentCoreRuntime').optional(),
  capacityProviderConfiguration: capacityProviderConfiguration.optional(),
  tags: tags.optional(),
}).check(findAuthorizerConflict, findNetworkConflict, findCapacityConflict);

export type ProjectRuntime = z.output<typeof runtime>;
