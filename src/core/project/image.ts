import { join, resolve } from 'node:path';
import type { ImageSource } from '../../shared/image.ts';

/** The fields of a runtime in agentcore.json that describe its image. */
export interface ImageSettings {
  readonly codeLocation: string;
  readonly dockerfile?: string | undefined;
  readonly buildContextPath?: string | undefined;
  readonly customDockerBuildArgs: Readonly<Record<string, string>>;
}

/**
 * A context outside the agent's own folder can include secrets and build output by accident.
 * Without a .dockerignore, a deployment leaves these out, and so does the emulator.
 */
const EXCLUDED_FROM_WIDE_CONTEXT = [
  '**/.env',
  '**/.env.*',
  '**/.git',
  '**/.venv',
  '**/node_modules',
  '**/__pycache__',
  '**/.pytest_cache',
  '**/.DS_Store',
  'agentcore',
];

/** Resolves the build context of an agent's image. The Dockerfile may be missing. */
export function resolveImage(root: string, settings: ImageSettings): ImageSource {
  return {
    context: resolve(root, settings.buildContextPath ?? settings.codeLocation),
    dockerfile: settings.dockerfile ?? 'Dockerfile',
    buildArguments: settings.customDockerBuildArgs,
    leftOut: settings.buildContextPath === undefined ? [] : EXCLUDED_FROM_WIDE_CONTEXT,
  };
}

export function dockerfilePath({ context, dockerfile }: ImageSource): string {
  return join(context, dockerfile);
}
