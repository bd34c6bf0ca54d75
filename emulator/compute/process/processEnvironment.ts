import { join } from 'node:path';
import { hostAwsVariables } from '../awsIdentity.ts';

/**
 * Variables of the developer's own environment that an agent may see: how to run, not what is secret.
 * The last one makes a Node of VS Code's own program, which is what may run us.
 */
const INHERITED = new Set(
  `PATH LANG LANGUAGE TZ TERM USER LOGNAME SHELL
   HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy
   SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE
   SystemRoot SystemDrive ComSpec PATHEXT windir NUMBER_OF_PROCESSORS
   ELECTRON_RUN_AS_NODE`.split(/\s+/),
);

/** The developer's credentials stay theirs: an agent calls AWS as the developer would. */
const CREDENTIALS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
];

/** What the environment of a machine is made of. */
export interface ProcessEnvironmentSources {
  /** The emulator's own environment. */
  readonly host: Readonly<Record<string, string | undefined>>;
  /** The developer's home folder, and whether it holds AWS credentials or configuration. */
  readonly hostHome: string;
  readonly hasAwsFolder: boolean;
  readonly machine: { readonly home: string; readonly tmp: string };
  /** The session's own variables; they win over everything else. */
  readonly own: Readonly<Record<string, string>>;
}

/** The whole environment of a machine: nothing of the developer's leaks in unnamed. */
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
    // A global endpoint would send the agent's calls to S3 or STS astray.
    const inherited = INHERITED.has(name) || name.startsWith('LC_') || name.startsWith('AWS_');
    if (inherited && !name.startsWith('AWS_ENDPOINT_URL')) environment[name] = value;
  }
  if (hasAwsFolder) {
    // The machine's home is not the developer's, so the SDKs are told where the real files are.
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
