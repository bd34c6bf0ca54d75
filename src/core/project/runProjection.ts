import { join, resolve } from 'node:path';
import { entrypointFiles } from '../../shared/entrypoint.ts';
import type { ImageSource } from '../../shared/image.ts';
import { authorizerWarnings, readAuthorizer, type ProjectAuthorizer } from './authorizer.ts';
import type { FieldProblem } from './fieldProblem.ts';
import { filesystemWarnings, storageMounts } from './filesystems.ts';
import { dockerfilePath, resolveImage } from './image.ts';
import { networkWarnings } from './networkSchema.ts';
import type { ProjectFile } from './projectFile.ts';
import { readMemory, type ProjectMemory } from './projectMemories.ts';
import type { ProjectRuntime } from './runtimeSchema.ts';

/** The part of a project that the emulator runs. */
export interface Project {
  readonly name: string;
  readonly root: string;
  readonly agents: readonly ProjectAgent[];
  readonly memories: readonly ProjectMemory[];
  /** Sentences about fields of the file that have no effect. */
  readonly warnings: readonly string[];
}

/** One entry of `runtimes` in agentcore.json. */
export interface ProjectAgent {
  readonly name: string;
  /** The folder of the code. */
  readonly code: string;
  /** Null, like the language, if only a Dockerfile defines what runs. */
  readonly entrypoint: string | null;
  readonly language: 'node' | 'python' | null;
  readonly runtimeVersion: string | undefined;
  readonly build: 'CodeZip' | 'Container';
  /** Null without a Dockerfile. */
  readonly image: ImageSource | null;
  readonly protocol: 'HTTP' | 'MCP' | 'A2A' | 'AGUI';
  /** The agent's own variables override those of `.env.local`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly headerAllowlist: readonly string[];
  /** Null if callers sign their requests, as the AWS SDKs do. */
  readonly authorizer: ProjectAuthorizer | null;
  /** The mount paths of session storage. */
  readonly mounts: readonly string[];
  readonly lifecycle: {
    readonly idleRuntimeSessionTimeout?: number | undefined;
    readonly maxLifetime?: number | undefined;
  };
  /** The named endpoints, each of which pins a version. */
  readonly endpoints: readonly {
    readonly name: string;
    readonly version: string;
    readonly description: string | undefined;
  }[];
  /** Sentences about settings that have no effect, or not yet. */
  readonly warnings: readonly string[];
}

/** The state outside agentcore.json on which a run depends. */
export interface RunEnvironment {
  /** The project's folder, absolute. */
  readonly root: string;
  /** The variables of `.env.local`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** True if a file or folder exists at an absolute path. */
  readonly exists: (path: string) => boolean;
}

/** Derives what the emulator runs from the project's model. Without problems, the project is usable. */
export function runProjection(
  file: ProjectFile,
  environment: RunEnvironment,
): { readonly project: Omit<Project, 'warnings'>; readonly problems: readonly FieldProblem[] } {
  const { name, runtimes, memories } = file;
  const project: Omit<Project, 'warnings'> = {
    name,
    root: environment.root,
    agents: runtimes.map((runtime) => toAgent(runtime, environment)),
    memories: memories.map(readMemory),
  };
  const problems = runtimes.flatMap((runtime, index) =>
    runProblems(runtime, ['runtimes', index], environment),
  );
  if (runtimes.length > 0) return { project, problems };
  const message = `runtimes: The project has no agents${describeHarnesses(file)}. Add a runtime.`;
  return { project, problems: [{ path: ['runtimes'], message }] };
}

function describeHarnesses({ harnesses }: ProjectFile): string {
  if (harnesses.length === 0) return '';
  const names = harnesses.map(({ name }) => name).join(', ');
  return `, only harnesses (${names}), which run in AWS and not in the emulator`;
}

function toAgent(runtime: ProjectRuntime, environment: RunEnvironment): ProjectAgent {
  const { root, secrets, exists } = environment;
  const { entrypoint = null } = runtime;
  const code = resolve(root, runtime.codeLocation);
  const image = resolveImage(root, runtime);
  return {
    name: runtime.name,
    code,
    entrypoint,
    language: entrypoint === null ? null : /\.py(:|$)/.test(entrypoint) ? 'python' : 'node',
    build: chooseBuild(runtime, environment),
    image: exists(dockerfilePath(image)) ? image : null,
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
      // DEFAULT always follows the newest version.
      .filter(([name]) => name !== 'DEFAULT')
      .map(([name, { version, description }]) => ({ name, version, description })),
    warnings: [
      ...authorizerWarnings(runtime),
      ...filesystemWarnings(runtime.filesystemConfigurations),
      ...networkWarnings(runtime),
      ...entrypointWarnings(runtime, environment),
    ],
  };
}

function chooseBuild(
  runtime: ProjectRuntime,
  environment: RunEnvironment,
): 'CodeZip' | 'Container' {
  if (runtime.build) return runtime.build;
  const hasDockerfile = environment.exists(dockerfilePath(resolveImage(environment.root, runtime)));
  return hasDockerfile && !hasEntrypoint(runtime, environment) ? 'Container' : 'CodeZip';
}

function hasEntrypoint(
  { codeLocation, entrypoint }: ProjectRuntime,
  { root, exists }: RunEnvironment,
): boolean {
  if (entrypoint === undefined) return false;
  return entrypointFiles(entrypoint).some((file) => exists(resolve(root, codeLocation, file)));
}

/** Finds the missing files that keep a valid runtime from running. */
function runProblems(
  runtime: ProjectRuntime,
  path: FieldProblem['path'],
  environment: RunEnvironment,
): FieldProblem[] {
  const { codeLocation, entrypoint, build } = runtime;
  const field = `runtimes[${String(path[1])}]`;
  const code = resolve(environment.root, codeLocation);
  if (!environment.exists(code)) {
    const value = JSON.stringify(codeLocation);
    return [
      {
        path: [...path, 'codeLocation'],
        message: `${field}.codeLocation: ${value} does not exist. Create the folder ${code}.`,
      },
    ];
  }
  const image = resolveImage(environment.root, runtime);
  if (environment.exists(dockerfilePath(image))) return [];
  if (build === 'Container') {
    return [
      {
        path: [...path, 'build'],
        message: `${field}.build: "Container" requires a Dockerfile. Create ${join(image.context, image.dockerfile)}.`,
      },
    ];
  }
  if (entrypoint !== undefined) return [];
  return [
    {
      path,
      message: `${field}.entrypoint: The value is missing, and there is no ${image.dockerfile}. Use the file that starts the agent, such as main.ts.`,
    },
  ];
}

function entrypointWarnings(runtime: ProjectRuntime, environment: RunEnvironment): string[] {
  const { entrypoint, build, codeLocation } = runtime;
  if (entrypoint === undefined || build === 'Container') return [];
  if (hasEntrypoint(runtime, environment)) return [];
  const code = resolve(environment.root, codeLocation);
  return [
    `The entrypoint ${entrypointFiles(entrypoint).join(' or ')} does not exist in ${code} yet.`,
  ];
}
