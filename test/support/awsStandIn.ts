import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateAgentRuntimeEndpointCommand,
  BedrockAgentCoreControlClient,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { useFolder } from './agents.ts';
import { useEmulator, type TestEmulator } from './emulator.ts';
import type { EmulatorOptions } from '../../emulator/index.ts';

/** A second emulator that stands in for AWS and checks signatures, and the environment that selects it. */
export interface AwsStandIn extends TestEmulator {
  /** AWS's environment variables. Their files have the profiles `default`, which is denied, and `dev`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Starts the stand-in with these agents. The first one also has an endpoint `prod`. */
export async function useAwsStandIn(agents: EmulatorOptions['agents']): Promise<AwsStandIn> {
  const key = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'of-the-profile-dev' };
  const emulator = await useEmulator({ agents, accessKeys: [key], region: 'eu-central-1' });
  const control = new BedrockAgentCoreControlClient({
    endpoint: emulator.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: key.id, secretAccessKey: key.secret },
  });
  await control.send(
    new CreateAgentRuntimeEndpointCommand({
      agentRuntimeId: emulator.agent.runtimeId,
      name: 'prod',
    }),
  );
  control.destroy();
  const folder = await useFolder();
  const [config, credentials] = [join(folder, 'config'), join(folder, 'credentials')];
  await writeFile(
    config,
    '[default]\nregion = us-west-2\n[profile dev]\nregion = eu-central-1\n[sso-session office]\nsso_region = eu-west-1\n',
  );
  await writeFile(
    credentials,
    `[default]\naws_access_key_id = AKIAI44QH8DHBEXAMPLE\naws_secret_access_key = unknown\n[dev]\naws_access_key_id = ${key.id}\naws_secret_access_key = ${key.secret}\n`,
  );
  return {
    ...emulator,
    environment: {
      AWS_ENDPOINT_URL_BEDROCK_AGENTCORE: emulator.url,
      AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL: emulator.url,
      AWS_CONFIG_FILE: config,
      AWS_SHARED_CREDENTIALS_FILE: credentials,
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_PROFILE: undefined,
      AWS_REGION: undefined,
      AWS_DEFAULT_REGION: undefined,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  };
}
