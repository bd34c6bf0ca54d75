import {
  InvokeAgentRuntimeCommand,
  BedrockAgentCoreClient,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test } from 'vitest';
import { echoAgent } from '../support/agents.ts';
import { useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';
import { bearerHeader, useProvider } from '../support/provider.ts';
import { sdkSettings } from '../support/sdk.ts';

test('tokens are verified by the authorizer that the project declares', async () => {
  const provider = await useProvider();
  const root = await useProject(
    {
      ...project,
      runtimes: [
        {
          ...project.runtimes[0],
          authorizerType: 'CUSTOM_JWT',
          authorizerConfiguration: {
            customJwtAuthorizer: {
              discoveryUrl: provider.discoveryUrl,
              allowedClients: ['app'],
            },
          },
        },
      ],
    },
    echoAgent,
  );
  const running = useCommand([root, '--port', '0', '--ephemeral']);
  const { url } = await running.ready();
  const { agents } = (await (await fetch(`${url}/_emulator/agents`)).json()) as {
    agents: { arn: string }[];
  };
  const client = new BedrockAgentCoreClient(sdkSettings(url));
  onTestFinished(() => client.destroy());
  const invoke = () =>
    client.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn: agents[0]!.arn, payload: '{}' }));
  await expect(invoke()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  client.middlewareStack.use(bearerHeader(await provider.token({ client_id: 'app' })));
  expect((await invoke()).statusCode).toBe(200);
  client.middlewareStack.use(bearerHeader(await provider.token({ client_id: 'other' })));
  await expect(invoke()).rejects.toMatchObject({ name: 'UnauthorizedException' });
});
