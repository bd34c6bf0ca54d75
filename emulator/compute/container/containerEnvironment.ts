import { posix } from 'node:path';
import { hostAwsVariables } from '../awsIdentity.ts';

/** Sources of a container's environment. */
export interface ContainerEnvironmentSources {
  /** The emulator's own environment. */
  readonly host: Readonly<Record<string, string | undefined>>;
  /** The developer's AWS files; null if missing. */
  readonly files: { readonly config: string | null; readonly credentials: string | null };
  /** The session's own variables, which override all others. */
  readonly own: Readonly<Record<string, string>>;
}

/** A file of the developer that a container may read. */
export interface Mount {
  readonly source: string;
  readonly target: string;
}

/** AWS variables that refer to files or ports of the developer's machine. */
const HOST_ONLY = /^AWS_(?:ENDPOINT_URL.*|.*_(?:FILE|BUNDLE|URI|PATH)|CONFIG_FILE)$/;

const FOLDER = '/run/agentcore/aws';

/**
 * Returns the variables that a container gets in addition to its image's, and the files to mount. The
 * agent calls AWS with the developer's identity and sees nothing else of the developer's environment.
 */
export function containerEnvironment({ host, files, own }: ContainerEnvironmentSources): {
  readonly environment: Record<string, string>;
  readonly mounts: readonly Mount[];
} {
  const environment: Record<string, string> = {};
  const mounts: Mount[] = [];
  const inherited = hostAwsVariables(host, own);
  const hasKeys = Boolean(own['AWS_ACCESS_KEY_ID'] || inherited['AWS_ACCESS_KEY_ID']);
  for (const [name, value] of Object.entries(inherited)) {
    if (!value || !name.startsWith('AWS_') || HOST_ONLY.test(name)) continue;
    // Keys override a profile, and a profile without files is an error in every SDK.
    const hasFiles = files.config !== null || files.credentials !== null;
    if (name === 'AWS_PROFILE' && (hasKeys || !hasFiles)) continue;
    environment[name] = value;
  }
  const mount = (source: string | null, variable: string, name: string) => {
    if (source === null || hasKeys) return;
    const target = posix.join(FOLDER, name);
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
