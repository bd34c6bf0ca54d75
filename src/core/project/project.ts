import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import * as z from 'zod';
import { declared, notEmulated } from './notEmulated.ts';
import { refuseHeader } from './requestHeaders.ts';

/** An agent project in the official CLI's layout, reduced to what running it needs. */
export interface Project {
  readonly name: string;
  readonly root: string;
  readonly agents: readonly ProjectAgent[];
}

/** One entry of `runtimes` in agentcore.json. */
export interface ProjectAgent {
  readonly name: string;
  readonly code: string;
  readonly entrypoint: string;
  readonly language: 'node' | 'python';
  readonly runtimeVersion: string | undefined;
  readonly protocol: 'HTTP' | 'MCP' | 'A2A' | 'AGUI';
  /** The agent's own variables over those of `.env.local`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly headerAllowlist: readonly string[];
  readonly lifecycle: {
    readonly idleRuntimeSessionTimeout?: number | undefined;
    readonly maxLifetime?: number | undefined;
  };
  /** What the project asks for and does not get, in words. */
  readonly notEmulated: readonly string[];
}

/** Why a folder cannot be used as a project, with the mend. */
export class ProjectError extends Error {}

// AWS's bounds for a session on a microVM.
const seconds = z.int().min(60).max(28_800);

const lifecycle = z
  .object({ idleRuntimeSessionTimeout: seconds.optional(), maxLifetime: seconds.optional() })
  .refine(
    ({ idleRuntimeSessionTimeout: idle, maxLifetime: max }) =>
      idle === undefined || max === undefined || idle <= max,
    'idleRuntimeSessionTimeout must be less than or equal to maxLifetime',
  );

// What we read of the official CLI's file; what we do not use is none of our business.
const projectFile = z.object({
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9]{0,22}$/, 'a letter, then up to 22 letters or digits'),
  runtimes: z
    .array(
      z.object({
        name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,47}$/, 'a letter, then letters, digits, _'),
        entrypoint: z
          .string()
          .regex(/\.(py|ts|js|mjs|cjs)(:\w+)?$/, 'a .py, .ts or .js file, such as main.ts'),
        codeLocation: z.string().min(1),
        runtimeVersion: z
          .string()
          .regex(/^(PYTHON_3|NODE)_\d{2}$/, 'a runtime of AWS, such as PYTHON_3_12 or NODE_22')
          .optional(),
        protocol: z.enum(['HTTP', 'MCP', 'A2A', 'AGUI']).default('HTTP'),
        envVars: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
        requestHeaderAllowlist: z
          .array(
            z.string().superRefine((name, check) => {
              const message = refuseHeader(name);
              if (message !== null) check.addIssue({ code: 'custom', message });
            }),
          )
          .max(20)
          .default([]),
        lifecycleConfiguration: lifecycle.default({}),
        ...declared.shape,
      }),
    )
    .refine(
      (runtimes) => new Set(runtimes.map((runtime) => runtime.name)).size === runtimes.length,
      'two runtimes have the same name',
    )
    .default([]),
});

/** Reads the project in a folder, or says what is wrong with it. */
export async function readProject(folder: string): Promise<Project> {
  const root = resolve(folder);
  const isFolder = await stat(root).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new ProjectError(`there is no folder ${root}`);

  const file = join(root, 'agentcore', 'agentcore.json');
  if (!existsSync(file)) {
    throw new ProjectError(
      `${root} holds no agent project: there is no agentcore/agentcore.json in it. Name the folder that has one`,
    );
  }
  const { name, runtimes } = parseProject(file, await readFile(file, 'utf8'));
  if (runtimes.length === 0) {
    throw new ProjectError(`${file} names no agent: its "runtimes" is empty`);
  }
  const secrets = await readSecrets(join(root, 'agentcore', '.env.local'));
  return {
    name,
    root,
    agents: runtimes.map((runtime) => {
      const code = resolve(root, runtime.codeLocation);
      if (!existsSync(code)) {
        throw new ProjectError(
          `${file}: the codeLocation '${runtime.codeLocation}' of ${runtime.name} does not exist`,
        );
      }
      return {
        name: runtime.name,
        code,
        entrypoint: runtime.entrypoint,
        language: /\.py(:|$)/.test(runtime.entrypoint) ? 'python' : 'node',
        runtimeVersion: runtime.runtimeVersion,
        protocol: runtime.protocol,
        environment: {
          ...secrets,
          ...Object.fromEntries(runtime.envVars.map((variable) => [variable.name, variable.value])),
        },
        headerAllowlist: runtime.requestHeaderAllowlist,
        lifecycle: runtime.lifecycleConfiguration,
        notEmulated: notEmulated(runtime),
      };
    }),
  };
}

function parseProject(file: string, text: string): z.output<typeof projectFile> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ProjectError(`${file} is not valid JSON: ${(error as Error).message}`);
  }
  const result = projectFile.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') || 'the file';
  if (issue?.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    throw new ProjectError(`${file}: ${field} is missing; it is to be of type ${issue.expected}`);
  }
  const value = issue?.path.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key],
    json,
  );
  throw new ProjectError(`${file}: ${field} is ${JSON.stringify(value)}: ${issue?.message}`);
}

async function readSecrets(file: string): Promise<Record<string, string>> {
  if (!existsSync(file)) return {};
  const variables = parseEnv(await readFile(file, 'utf8'));
  return Object.fromEntries(
    Object.entries(variables).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
