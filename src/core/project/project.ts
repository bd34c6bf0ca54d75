import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import * as z from 'zod';
import { entrypointFiles } from '../../shared/entrypoint.ts';
import type { ImageSource } from '../../shared/image.ts';
import {
  readAuthorizer,
  authorizers,
  findAuthorizerConflicts,
  ignoredAuthorizerFields,
  type ProjectAuthorizer,
} from './authorizer.ts';
import { storageMounts } from './filesystems.ts';
import { hasDockerfile, resolveImage } from './image.ts';
import { memories, readMemory, type ProjectMemory } from './projectMemories.ts';
import { unsupportedFields, notEmulated } from './notEmulated.ts';
import { unknownFields } from './unknownFields.ts';
import { validateAllowlistedHeader } from '../../shared/requestHeaders.ts';

/** An agent project in the official CLI's layout, reduced to what running it needs. */
export interface Project {
  readonly name: string;
  readonly root: string;
  readonly agents: readonly ProjectAgent[];
  readonly memories: readonly ProjectMemory[];
}

/** One entry of `runtimes` in agentcore.json. */
export interface ProjectAgent {
  readonly name: string;
  readonly code: string;
  /** Both null where only a Dockerfile says what is run. */
  readonly entrypoint: string | null;
  readonly language: 'node' | 'python' | null;
  readonly runtimeVersion: string | undefined;
  readonly build: 'CodeZip' | 'Container';
  /** Null where there is no Dockerfile. */
  readonly image: ImageSource | null;
  readonly protocol: 'HTTP' | 'MCP' | 'A2A' | 'AGUI';
  /** The agent's own variables over those of `.env.local`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly headerAllowlist: readonly string[];
  /** Null where callers sign, as with the AWS SDKs. */
  readonly authorizer: ProjectAuthorizer | null;
  /** Where sessions find again what they left. */
  readonly mounts: readonly string[];
  readonly lifecycle: {
    readonly idleRuntimeSessionTimeout?: number | undefined;
    readonly maxLifetime?: number | undefined;
  };
  /** The names that pin versions of it. */
  readonly endpoints: readonly {
    readonly name: string;
    readonly version: string;
    readonly description: string | undefined;
  }[];
  /** What the project asks for and does not get, or not yet, in words. */
  readonly warnings: readonly string[];
}

/** Why a folder cannot be used as a project, with the mend. */
export class ProjectError extends Error {}

// AWS's bounds for a session on a microVM.
const BOUNDS = 'a whole number of seconds from 60 to 28800';
const seconds = z.int(BOUNDS).min(60, BOUNDS).max(28_800, BOUNDS);

const lifecycle = z
  .object({ idleRuntimeSessionTimeout: seconds.optional(), maxLifetime: seconds.optional() })
  .refine(
    ({ idleRuntimeSessionTimeout: idle, maxLifetime: max }) =>
      idle === undefined || max === undefined || idle <= max,
    'idleRuntimeSessionTimeout must be less than or equal to maxLifetime',
  );

const endpoints = z
  .record(
    z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,47}$/, 'a letter, then letters, digits, _'),
    z.object({
      version: z.coerce.string().regex(/^[1-9]\d{0,4}$/, 'the number of a version, such as 1'),
      description: z.string().optional(),
    }),
  )
  .default({});

// What we read of the official CLI's file; what we do not use is none of our business.
const projectFile = z.object({
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9]{0,22}$/, 'a letter, then up to 22 letters or digits'),
  runtimes: z
    .array(
      z.looseObject({
        name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,47}$/, 'a letter, then letters, digits, _'),
        entrypoint: z
          .string()
          .regex(/\.(py|ts|js|mjs|cjs)(:\w+)?$/, 'a .py, .ts or .js file, such as main.ts')
          .optional(),
        codeLocation: z.string().min(1),
        runtimeVersion: z
          .string()
          .regex(/^(PYTHON_3|NODE)_\d{2}$/, 'a runtime of AWS, such as PYTHON_3_12 or NODE_22')
          .optional(),
        build: z.enum(['CodeZip', 'Container']).optional(),
        dockerfile: z
          .string()
          .regex(
            /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[\w./-]+$/,
            'a path in the build context, such as docker/Dockerfile',
          )
          .optional(),
        buildContextPath: z.string().min(1).optional(),
        customDockerBuildArgs: z.record(z.string(), z.string()).default({}),
        protocol: z.enum(['HTTP', 'MCP', 'A2A', 'AGUI']).default('HTTP'),
        envVars: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
        requestHeaderAllowlist: z
          .array(
            z.string().superRefine((name, check) => {
              const message = validateAllowlistedHeader(name);
              if (message !== null) check.addIssue({ code: 'custom', message });
            }),
          )
          .max(20)
          .default([]),
        lifecycleConfiguration: lifecycle.default({}),
        ...authorizers.shape,
        endpoints,
        ...unsupportedFields.shape,
      }),
    )
    .refine(
      (runtimes) => new Set(runtimes.map((runtime) => runtime.name)).size === runtimes.length,
      'two runtimes have the same name',
    )
    .check(findAuthorizerConflicts)
    .default([]),
  memories,
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
  const { name, runtimes, memories: entries } = parseProject(file, await readFile(file, 'utf8'));
  if (runtimes.length === 0) {
    throw new ProjectError(`${file} names no agent: its "runtimes" is empty`);
  }
  const secrets = await readSecrets(join(root, 'agentcore', '.env.local'));
  return {
    name,
    root,
    agents: runtimes.map((runtime) => readAgent(runtime, { root, file, secrets })),
    memories: entries.map(readMemory),
  };
}

type Runtime = z.output<typeof projectFile>['runtimes'][number];

function readAgent(
  runtime: Runtime,
  { root, file, secrets }: { root: string; file: string; secrets: Record<string, string> },
): ProjectAgent {
  const code = resolve(root, runtime.codeLocation);
  if (!existsSync(code)) {
    throw new ProjectError(
      `${file}: the codeLocation '${runtime.codeLocation}' of ${runtime.name} does not exist`,
    );
  }
  return {
    name: runtime.name,
    code,
    ...runnable(runtime, { root, file, code }),
    runtimeVersion: runtime.runtimeVersion,
    protocol: runtime.protocol,
    environment: {
      ...secrets,
      ...Object.fromEntries(runtime.envVars.map((variable) => [variable.name, variable.value])),
    },
    headerAllowlist: runtime.requestHeaderAllowlist,
    authorizer: readAuthorizer(runtime),
    mounts: storageMounts(runtime.filesystemConfigurations),
    lifecycle: runtime.lifecycleConfiguration,
    endpoints: Object.entries(runtime.endpoints)
      // DEFAULT follows the newest version, whatever is said of it.
      .filter(([name]) => name !== 'DEFAULT')
      .map(([name, { version, description }]) => ({ name, version, description })),
    warnings: [
      ...unknownFields(runtime),
      ...ignoredAuthorizerFields(runtime),
      ...notEmulated(runtime),
      ...missingEntrypoint(runtime, code),
    ],
  };
}

/** What can be run of an agent: its code, its image, or either. */
function runnable(
  runtime: Runtime,
  { root, file, code }: { root: string; file: string; code: string },
): Pick<ProjectAgent, 'entrypoint' | 'language' | 'build' | 'image'> {
  const { name, entrypoint = null } = runtime;
  const image = resolveImage(root, runtime);
  const canBuild = hasDockerfile(image);
  const isCodeThere = entrypoint !== null && isThere(code, entrypoint);
  const build = runtime.build ?? (canBuild && !isCodeThere ? 'Container' : 'CodeZip');
  if (build === 'Container' && !canBuild) {
    throw new ProjectError(
      `${file}: the build of ${name} is "Container", and there is no ${image.dockerfile} in ${image.context}`,
    );
  }
  if (entrypoint === null && !canBuild) {
    throw new ProjectError(
      `${file}: ${name} has no entrypoint and no ${image.dockerfile}; name the file that starts it, such as main.ts`,
    );
  }
  return {
    entrypoint,
    language: entrypoint === null ? null : /\.py(:|$)/.test(entrypoint) ? 'python' : 'node',
    build,
    image: canBuild ? image : null,
  };
}

function missingEntrypoint({ entrypoint, build }: Runtime, code: string): string[] {
  if (entrypoint === undefined || build === 'Container' || isThere(code, entrypoint)) return [];
  return [
    `the entrypoint ${entrypointFiles(entrypoint).join(' or ')} does not exist in ${code} yet`,
  ];
}

function isThere(code: string, entrypoint: string): boolean {
  return entrypointFiles(entrypoint).some((file) => existsSync(join(code, file)));
}

function parseProject(file: string, text: string): z.output<typeof projectFile> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ProjectError(`${file} is not valid JSON: ${(error as Error).message}`);
  }
  // Read once, it is not worth the function that zod would compile for it: 2 ms of every start.
  const result = projectFile.safeParse(json, { jitless: true });
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
