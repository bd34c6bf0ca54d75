import * as z from 'zod';
import { abTest } from './abTestSchema.ts';
import { capacityProvider } from './capacityProviderSchema.ts';
import { credential } from './credentialSchema.ts';
import { dataset } from './datasetSchema.ts';
import {
  configBundle,
  evaluator,
  harness,
  knowledgeBase,
  onlineEvaluation,
  policyEngine,
} from './deployedResources.ts';
import { gateway, gatewayTarget } from './gatewaySchema.ts';
import { memory } from './projectMemories.ts';
import { paymentManager } from './paymentSchema.ts';
import { runtime } from './runtimeSchema.ts';
import { fields, tags, text } from './schemaText.ts';
import { toolRuntime } from './toolSchema.ts';

const sections = {
  runtimes: z.array(runtime).default([]),
  memories: z.array(memory).default([]),
  knowledgeBases: z.array(knowledgeBase).default([]),
  credentials: z.array(credential).default([]),
  evaluators: z.array(evaluator).default([]),
  onlineEvalConfigs: z.array(onlineEvaluation).default([]),
  agentCoreGateways: z.array(gateway).default([]),
  policyEngines: z.array(policyEngine).default([]),
  configBundles: z.array(configBundle).default([]),
  harnesses: z.array(harness).default([]),
  payments: z.array(paymentManager).default([]),
};

const version1Sections = {
  abTests: z.array(abTest).default([]),
  capacityProviders: z.array(capacityProvider).default([]),
  datasets: z.array(dataset).default([]),
  mcpRuntimeTools: z.array(toolRuntime).default([]),
  unassignedTargets: z.array(gatewayTarget).default([]),
};

const version2Sections = { toolRuntimes: z.array(toolRuntime).default([]) };

const header = {
  $schema: z.string().optional(),
  name: text(
    /^[A-Za-z][A-Za-z0-9]{0,22}$/,
    'a project name that starts with a letter and has up to 22 more letters or digits',
  ),
  managedBy: z.enum(['CDK', 'TERRAFORM']).default('CDK'),
  tags: tags.optional(),
};

const version1 = fields({
  ...header,
  // A file without a version was written by hand and is read as version 1.
  version: z.literal(1).default(1),
  ...sections,
  ...version1Sections,
});

const version2 = fields({
  ...header,
  version: z.literal(2),
  ...sections,
  ...version2Sections,
});

/** The schema of each format version of agentcore.json. */
export const projectFileSchemas = { 1: version1, 2: version2 } as const;

/** The whole content of agentcore.json, in one of its format versions. */
export type ProjectFile = z.output<typeof version1> | z.output<typeof version2>;

/** The sections whose entries have names that must be unique in their section. */
export const NAMED_SECTIONS = Object.keys({
  ...sections,
  ...version1Sections,
  ...version2Sections,
});
