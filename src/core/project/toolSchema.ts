import * as z from 'zod';
import { fields, nonEmpty, resourceName, text } from './schemaText.ts';

/** A value that a tool takes or returns: a small part of JSON Schema. */
const toolSchema = fields({
  type: z.enum(['string', 'number', 'object', 'array', 'boolean', 'integer']),
  description: z.string().optional(),
  get items() {
    return toolSchema.optional();
  },
  get properties() {
    return z.record(z.string(), toolSchema).optional();
  },
  required: z.array(z.string()).optional(),
});

/** A tool that a gateway or a tool runtime offers. */
export const toolDefinition = fields({
  name: nonEmpty.max(128, 'at most 128 characters'),
  description: nonEmpty,
  inputSchema: toolSchema,
  outputSchema: toolSchema.optional(),
});

const implementation = fields({
  language: z.enum(['TypeScript', 'Python']),
  path: nonEmpty,
  handler: nonEmpty,
});
const iamPolicy = z.looseObject({ Version: z.string(), Statement: z.array(z.unknown()) });
const pythonVersion = z.enum([
  'PYTHON_3_10',
  'PYTHON_3_11',
  'PYTHON_3_12',
  'PYTHON_3_13',
  'PYTHON_3_14',
]);
const TIMEOUT = 'a whole number of seconds from 1 to 900';
const MEMORY = 'a whole number of MB from 128 to 10240';

const lambda = fields({
  host: z.literal('Lambda'),
  implementation,
  nodeVersion: z.enum(['NODE_18', 'NODE_20', 'NODE_22']).optional(),
  pythonVersion: pythonVersion.optional(),
  timeout: z.int(TIMEOUT).min(1, TIMEOUT).max(900, TIMEOUT).optional(),
  memorySize: z.int(MEMORY).min(128, MEMORY).max(10_240, MEMORY).optional(),
  iamPolicy: iamPolicy.optional(),
}).superRefine((compute, check) => {
  const { language } = compute.implementation;
  const version = language === 'Python' ? 'pythonVersion' : 'nodeVersion';
  if (compute[version] !== undefined) return;
  const message = `The value is missing. A function in ${language} requires it.`;
  check.addIssue({ code: 'custom', message, path: [version] });
});

const toolRuntimeCompute = fields({
  host: z.literal('AgentCoreRuntime'),
  implementation,
  runtime: fields({
    // Version 2 renamed it to build.
    artifact: z.literal('CodeZip').optional(),
    build: z.literal('CodeZip').optional(),
    pythonVersion,
    name: resourceName,
    entrypoint: text(
      /^\w[\w/.-]*\.py(:[A-Za-z_]\w*)?$/,
      'a Python file, with an optional handler, such as main.py:app',
    ),
    codeLocation: nonEmpty,
    instrumentation: fields({ enableOtel: z.boolean().default(true) }).optional(),
    networkMode: z.enum(['PUBLIC', 'VPC']).default('PUBLIC'),
    description: z.string().optional(),
  }).optional(),
  iamPolicy: iamPolicy.optional(),
}).superRefine(({ implementation: { language } }, check) => {
  if (language === 'Python') return;
  const message = 'does not run on AgentCoreRuntime. Use "Python", or host "Lambda".';
  check.addIssue({ code: 'custom', message, path: ['implementation', 'language'] });
});

/** The compute that serves a gateway's target. */
export const toolCompute = z.discriminatedUnion(
  'host',
  [lambda, toolRuntimeCompute],
  'one of "Lambda", "AgentCoreRuntime"',
);

/** An entry of `toolRuntimes`, which version 1 calls `mcpRuntimeTools`. */
export const toolRuntime = fields({
  name: nonEmpty,
  toolDefinition,
  compute: toolRuntimeCompute,
  bindings: z
    .array(
      fields({
        runtimeName: nonEmpty,
        envVarName: text(
          /^[A-Za-z_]\w{0,254}$/,
          'a name of letters, digits and _ that does not start with a digit',
        ),
      }),
    )
    .optional(),
});
