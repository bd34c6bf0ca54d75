import {
  CreateAgentRuntimeCommand,
  ValidationException,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { nodeCode, waitUntilSettled, useControlPlane } from '../../../../support/controlPlane.ts';
import { useEmulator } from '../../../../support/emulator.ts';

test.each([
  'mine:dev',
  'localhost:5000/team/agent_1:1.0-a',
  'ghcr.io/some/agent@sha256:' + 'a'.repeat(64),
  '123456789012.dkr.ecr.us-east-1.amazonaws.com/agent',
])('%s is accepted as an image reference', async (containerUri) => {
  const control = useControlPlane(await useEmulator({ agents: [], engine: 'unix:///none.sock' }));
  const { agentRuntimeId } = await control.send(
    new CreateAgentRuntimeCommand(imageRequest(containerUri)),
  );
  expect(await waitUntilSettled(control, agentRuntimeId)).toMatchObject({
    status: 'CREATE_FAILED',
    failureReason: expect.stringMatching(/it needs a container engine.*none\.sock/) as string,
  });
});

test.each(['../containers', 'a/../b', 'No Reference', 'x?y', 'mine:'])(
  '%s is rejected as an image reference',
  async (containerUri) => {
    const control = useControlPlane(await useEmulator({ agents: [] }));
    const creating = control.send(new CreateAgentRuntimeCommand(imageRequest(containerUri)));
    await expect(creating).rejects.toBeInstanceOf(ValidationException);
    await expect(creating).rejects.toThrow(/is not a valid image reference/);
  },
);

test.each(['/etc/agent.js', '../agent.js', 'a/../../agent.js', '..\\agent.js', 'C:agent.js'])(
  'an entry point outside the zip is rejected: %s',
  async (file) => {
    const control = useControlPlane(await useEmulator({ agents: [] }));
    const request = nodeCode('Outside');
    request.agentRuntimeArtifact.codeConfiguration.entryPoint = [file];
    const creating = control.send(new CreateAgentRuntimeCommand(request));
    await expect(creating).rejects.toBeInstanceOf(ValidationException);
    await expect(creating).rejects.toThrow(/leads out of the zip/);
  },
);

/** Builds a CreateAgentRuntime request for an image. */
const imageRequest = (containerUri: string) => ({
  agentRuntimeName: 'Image',
  roleArn: 'arn:aws:iam::000000000000:role/agent',
  agentRuntimeArtifact: { containerConfiguration: { containerUri } },
});
