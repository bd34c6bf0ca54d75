import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ImageSource } from '../../shared/image.ts';

/** What a runtime in agentcore.json says about its image. */
export interface ImageSettings {
  readonly codeLocation: string;
  readonly dockerfile?: string | undefined;
  readonly buildContextPath?: string | undefined;
  readonly customDockerBuildArgs: Readonly<Record<string, string>>;
}

/**
 * A context that is wider than the agent's own folder takes in secrets and rubbish that nobody
 * thought of. Where there is no .dockerignore, a deployment leaves these out, and so do we.
 */
const WIDE_CONTEXT_LEAVES_OUT = [
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

/** Where the image of an agent would be built from, whether or not its Dockerfile is there. */
export function resolveImage(root: string, settings: ImageSettings): ImageSource {
  return {
    context: resolve(root, settings.buildContextPath ?? settings.codeLocation),
    dockerfile: settings.dockerfile ?? 'Dockerfile',
    buildArguments: settings.customDockerBuildArgs,
    leftOut: settings.buildContextPath === undefined ? [] : WIDE_CONTEXT_LEAVES_OUT,
  };
}

/** Whether its Dockerfile is there. */
export function hasDockerfile({ context, dockerfile }: ImageSource): boolean {
  return existsSync(join(context, dockerfile));
}
