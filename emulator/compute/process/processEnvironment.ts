import { join } from 'node:path';
import { hostAwsVariables } from '../awsIdentity.ts';

/**
 * Variables that an agent inherits from the developer's environment; none of them is secret. The last
 * one makes VS Code's executable, which may run the emulator, behave as Node.
 */
const INHERITED = new Set(
  `PATH LANG LANGUAGE TZ TERM USER LOGNAME SHELL
   HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy
   SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE
   SystemRoot SystemDrive ComSpec PATHEXT windir NUMBER_OF_PROCESSORS
   ELECTRON_RUN_AS_NODE`.split(/\s+/),
);

/** Variables that provide AWS credentials. An agent calls AWS with the developer's identity. */
const CREDENTIALS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
];

/** Sources of a machine's environment. */
export interface ProcessEnvironmentSources {
  /** The emulator's own environment. */
  readonly host: Readonly<Record<string, string | undefined>>;
  /** The developer's home folder. `hasAwsFolder` is true if it contains .aws. */
  readonly hostHome: string;
  readonly hasAwsFolder: boolean;
  readonly machine: { readonly home: string; readonly tmp: string };
  /** The session's own variables, which override all others. */
  readonly own: Readonly<Record<string, string>>;
}

/** Returns a machine's complete environment. Only listed variables are inherited. */
export function processEnvironment({
  host,
  hostHome,
  hasAwsFolder,
  machine,
  own,
}: ProcessEnvironmentSources): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(hostAwsVariables(host, own))) {
    if (value === undefined) continue;
    // A global endpoint would redirect the agent's calls to S3 or STS.
    const inherited = INHERITED.has(name) || name.startsWith('LC_') || name.startsWith('AWS_');
    if (inherited && !name.startsWith('AWS_ENDPOINT_URL')) environment[name] = value;
  }
  if (hasAwsFolder) {
    // The SDKs need the paths, because the machine has a different home.
    environment['AWS_CONFIG_FILE'] ??= join(hostHome, '.aws', 'config');
    environment['AWS_SHARED_CREDENTIALS_FILE'] ??= join(hostHome, '.aws', 'credentials');
  } else if (!CREDENTIALS.some((name) => environment[name])) {
    environment['AWS_ACCESS_KEY_ID'] = 'local';
    environment['AWS_SECRET_ACCESS_KEY'] = 'local';
  }
  return {
    ...environment,
    HOME: machine.home,
    USERPROFILE: machine.home,
    TMPDIR: machine.tmp,
    TMP: machine.tmp,
    TEMP: machine.tmp,
    ...own,
  };
}
