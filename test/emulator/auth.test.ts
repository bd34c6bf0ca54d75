import {
  BedrockAgentCoreClient,
  InvokeAgentRuntimeCommand,
  type BedrockAgentCoreClientConfig,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test } from 'vitest';
import type { EmulatorOptions } from '../../emulator/options.ts';
import { createRequireSignature } from '../../emulator/wire/requireSignature.ts';
import { echoAgent, serverAgent, useAgent } from '../support/agents.ts';
import { useEmulator, type TestEmulator } from '../support/emulator.ts';
import { useProvider } from '../support/provider.ts';
import { useWire } from './wire/useWire.ts';

const KEY = { id: 'AKIDEXAMPLE', secret: 'a secret' };
const credentials = { accessKeyId: KEY.id, secretAccessKey: KEY.secret };

function useSigning(options: Partial<EmulatorOptions> & Pick<EmulatorOptions, 'agents'>) {
  return useEmulator({ accessKeys: [KEY], ...options });
}

/** Invokes the agent with the SDK, which signs the request. */
async function invoke(
  { url, agent }: TestEmulator,
  config: BedrockAgentCoreClientConfig = {},
): Promise<number | undefined> {
  const client = new BedrockAgentCoreClient({
    endpoint: url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    ...config,
  });
  onTestFinished(() => client.destroy());
  const { response, statusCode } = await client.send(
    new InvokeAgentRuntimeCommand({
      agentRuntimeArn: agent.arn,
      qualifier: 'DEFAULT',
      payload: JSON.stringify({ prompt: 'ü' }),
    }),
  );
  await response?.transformToString();
  return statusCode;
}

test('with --auth sigv4 the SDK is accepted with a known key, and an unknown key is explained', async () => {
  const emulator = await useSigning({ agents: [await useAgent(echoAgent)] });
  expect(await invoke(emulator)).toBe(200);
  for (const [config, name] of [
    [{ credentials: { ...credentials, secretAccessKey: 'other' } }, 'InvalidSignatureException'],
    [{ credentials: { ...credentials, accessKeyId: 'OTHER' } }, 'UnrecognizedClientException'],
    [{ credentials: { ...credentials, sessionToken: 'x' } }, 'UnrecognizedClientException'],
    [{ region: 'eu-west-1' }, 'InvalidSignatureException'],
  ] as const) {
    await expect(invoke(emulator, config)).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: 403 },
    });
  }
  const unsigned = await fetch(`${emulator.url}/invocations`, { method: 'POST', body: '{}' });
  expect([unsigned.status, unsigned.headers.get('x-amzn-errortype')]).toEqual([
    403,
    'MissingAuthenticationTokenException',
  ]);
  expect(unsigned.headers.get('www-authenticate')).toBeNull();
  // The admin API has its own rules.
  expect(await emulator.sessions()).toHaveLength(1);
});

test('an SDK with a wrong clock corrects it from the response and succeeds at its second attempt', async () => {
  const emulator = await useSigning({ agents: [await useAgent(echoAgent)] });
  const wrong = { systemClockOffset: -3_600_000 };
  await expect(invoke(emulator, wrong)).rejects.toThrow(/^Signature expired: /);
  expect(await invoke(emulator, { ...wrong, maxAttempts: 2 })).toBe(200);
});

test('advancing the emulator’s clock does not expire signatures', async () => {
  const emulator = await useSigning({ agents: [await useAgent(echoAgent)] });
  await emulator.admin('/clock', { advanceSeconds: 86_400 });
  expect(await invoke(emulator)).toBe(200);
});

test('the base path of --token is part of the signed path', async () => {
  const emulator = await useSigning({ agents: [await useAgent(echoAgent)], token: 'secret' });
  expect(await invoke(emulator)).toBe(200);
});

test('a session is identified by its URL and need not sign', async () => {
  const environmentAgent = serverAgent(
    `if (url === '/invocations') return json(response, process.env);`,
  );
  const emulator = await useSigning({ agents: [await useAgent(environmentAgent)] });
  await invoke(emulator);
  const { url, agent } = emulator;
  const [session] = await emulator.sessions();
  expect(session).toMatchObject({ state: 'idle' });
  const client = new BedrockAgentCoreClient({
    endpoint: url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  });
  onTestFinished(() => client.destroy());
  const { response } = await client.send(
    new InvokeAgentRuntimeCommand({
      agentRuntimeArn: agent.arn,
      runtimeSessionId: session!.sessionId,
      payload: '{}',
    }),
  );
  const environment = JSON.parse(await response!.transformToString()) as Record<string, string>;
  const sessionUrl = environment['AWS_ENDPOINT_URL_BEDROCK_AGENTCORE']!;
  const calls = await fetch(`${sessionUrl}/runtimes/${agent.runtimeId}/invocations`, {
    method: 'POST',
    body: '{}',
  });
  expect(calls.status).toBe(200);
});

test('a call with a JWT needs no signature', async () => {
  const provider = await useProvider();
  const authorizer = {
    customJWTAuthorizer: { discoveryUrl: provider.discoveryUrl, allowedAudience: ['me'] },
  };
  const { url } = await useSigning({ agents: [await useAgent(echoAgent, { authorizer })] });
  const ask = (headers: Record<string, string>) =>
    fetch(`${url}/invocations`, { method: 'POST', headers, body: '{}' });
  const authorization = `Bearer ${await provider.token({ aud: 'me' })}`;
  expect((await ask({ authorization })).status).toBe(200);
  const unknown = await ask({});
  expect(unknown.status).toBe(401);
  expect(unknown.headers.get('www-authenticate')).toMatch(/^Bearer resource_metadata=/);
});

test('operations of both planes require a signature, and a bearer token does not replace it', async () => {
  const clock = { realNow: () => Date.now() };
  const keys = [{ id: 'test', secret: 'test' }];
  const wire = await useWire(
    { CreateEvent: () => ({}), ListMemories: () => ({ memories: [] }) },
    createRequireSignature({ keys, region: 'us-east-1', clock }),
  );
  const event = {
    memoryId: 'Memory-0123456789',
    actorId: 'actor/one',
    eventTimestamp: new Date(),
    payload: [],
  };
  await expect(wire.send('ListMemories', {})).resolves.toMatchObject({ memories: [] });
  await expect(wire.send('CreateEvent', event)).resolves.toBeDefined();
  for (const headers of [{}, { authorization: 'Bearer a.b.c' }, { authorization: 'Basic eA==' }]) {
    expect(await wire.raw('POST', '/memories/', { headers })).toMatchObject({
      status: 403,
      headers: { 'x-amzn-errortype': 'MissingAuthenticationTokenException' },
    });
  }
});
