import {
  BedrockAgentCoreControlClient,
  CreateMemoryCommand,
  GetMemoryCommand,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, onTestFinished, test } from 'vitest';
import { useFolder } from '../support/agents.ts';
import { useCommand } from '../support/command.ts';
import { sdkSettings } from '../support/sdk.ts';

test.for([
  [[], 'CREATING'],
  [['--instant-resources'], 'ACTIVE'],
] as const)('a new memory of an emulator with %j is %s', async ([options, status]) => {
  const args = ['start', '--no-project', '--port=0', '--ephemeral', ...options];
  const { url } = await useCommand(args, {}, { cwd: await useFolder() }).ready();
  const client = new BedrockAgentCoreControlClient(sdkSettings(url));
  onTestFinished(() => client.destroy());
  const { memory } = await client.send(
    new CreateMemoryCommand({ name: 'Notes', eventExpiryDuration: 7 }),
  );
  const { memory: found } = await client.send(new GetMemoryCommand({ memoryId: memory!.id }));
  expect(found!.status).toBe(status);
});
