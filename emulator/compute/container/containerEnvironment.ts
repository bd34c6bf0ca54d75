import { posix } from 'node:path';
import { hostAwsVariables } from '../awsIdentity.ts';

/** What the environment of a container is made of. */
export interface ContainerEnvironmentSources {
  /** The emulator's own environment. */
  readonly host: Readonly<Record<string, string | undefined>>;
  /** The developer's AWS files that are there. */
  readonly files: { readonly config: string | null; readonly credentials: string | null };
  /** The session's own variables; they win over everything else. */
  readonly own: Readonly<Record<string, string>>;
}

/** A file of the developer's that a container may read. */
export interface Mount {
  readonly source: string;
  readonly target: string;
}

/** Variables of AWS that speak of the developer's machine: its files, its ports. */
const OF_THE_HOST = /^AWS_(?:ENDPOINT_URL.*|.*_(?:FILE|BUNDLE|URI|PATH)|CONFIG_FILE)$/;

const PLACE = '/run/agentcore/aws';

/**
 * The environment of a container beyond its image's own, and what it needs mounted: an agent calls
 * AWS as the developer would, and nothing else of the developer's comes in.
 */
export function containerEnvironment({ host, files, own }: ContainerEnvironmentSources): {
  readonly environment: Record<string, string>;
  readonly mounts: readonly Mount[];
} {
  const environment: Record<string, string> = {};
  const mounts: Mount[] = [];
  const given = hostAwsVariables(host, own);
  const hasKeys = Boolean(own['AWS_ACCESS_KEY_ID'] || given['AWS_ACCESS_KEY_ID']);
  for (const [name, value] of Object.entries(given)) {
    if (!value || !name.startsWith('AWS_') || OF_THE_HOST.test(name)) continue;
    // Keys win over a profile, and a profile without any file is an error in every SDK.
    const hasFiles = files.config !== null || files.credentials !== null;
    if (name === 'AWS_PROFILE' && (hasKeys || !hasFiles)) continue;
    environment[name] = value;
  }
  const mount = (source: string | null, variable: string, name: string) => {
    if (source === null || hasKeys) return;
    const target = posix.join(PLACE, name);
    mounts.push({ source, target });
    environment[variable] = target;
  };
  mount(files.config, 'AWS_CONFIG_FILE', 'config');
  mount(files.credentials, 'AWS_SHARED_CREDENTIALS_FILE', 'credentials');
  if (!hasKeys && mounts.length === 0) {
    environment['AWS_ACCESS_KEY_ID'] = 'local';
    environment['AWS_SECRET_ACCESS_KEY'] = 'local';
  }
  return { environment: { ...environment, ...own }, mounts };
}
