import { InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore';
import {
  CreateAgentRuntimeCommand,
  UpdateAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test, vi } from 'vitest';
import { echoAgent } from '../support/agents.ts';
import { nodeCode, waitUntilSettled, useControlPlane } from '../support/controlPlane.ts';
import { useEmulator } from '../support/emulator.ts';
import { bearerHeader, useProvider } from '../support/provider.ts';
import { useS3, createZip } from '../support/s3.ts';

vi.setConfig({ testTimeout: 60_000 });

test('a runtime is deployed with a JWT authorizer, and an update without one restores signatures', async () => {
  const s3 = await useS3();
  const provider = await useProvider();
  await s3.put(
    'agent.zip',
    await createZip(
      { name: 'package.json', text: '{ "type": "module" }' },
      { name: 'main.js', text: echoAgent },
    ),
  );
  const emulator = await useEmulator({ agents: [] });
  const control = useControlPlane(emulator);
  const given = nodeCode('Deployed');
  const { agentRuntimeId, agentRuntimeArn } = await control.send(
    new CreateAgentRuntimeCommand({
      ...given,
      authorizerConfiguration: {
        customJWTAuthorizer: { discoveryUrl: provider.discoveryUrl, allowedAudience: ['me'] },
      },
    }),
  );
  expect(await waitUntilSettled(control, agentRuntimeId)).toMatchObject({ status: 'READY' });
  const [signing, bearing] = [emulator.client(), emulator.client()];
  bearing.middlewareStack.use(bearerHeader(await provider.token({ aud: 'me' })));
  const invoke = (client: typeof signing) =>
    client.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn, payload: '{}' })).then(
      ({ statusCode }) => statusCode,
      (error: Error) => error.name,
    );
  expect([await invoke(signing), await invoke(bearing)]).toEqual(['AccessDeniedException', 200]);

  const { agentRuntimeName: _, ...update } = given;
  await control.send(new UpdateAgentRuntimeCommand({ ...update, agentRuntimeId }));
  await waitUntilSettled(control, agentRuntimeId);
  expect([await invoke(signing), await invoke(bearing)]).toEqual([200, 'AccessDeniedException']);
});
