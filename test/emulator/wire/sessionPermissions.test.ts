import {
  BedrockAgentCoreClient,
  CreateEventCommand,
  InvokeAgentRuntimeCommand,
  StopRuntimeSessionCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import {
  BedrockAgentCoreControlClient,
  CreateAgentRuntimeCommand,
  CreateAgentRuntimeEndpointCommand,
  CreateMemoryCommand,
  DeleteAgentRuntimeCommand,
  DeleteAgentRuntimeEndpointCommand,
  DeleteResourcePolicyCommand,
  GetAgentRuntimeCommand,
  ListAgentRuntimesCommand,
  PutResourcePolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAgentRuntimeCommand,
  UpdateAgentRuntimeEndpointCommand,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, onTestFinished, test } from 'vitest';
import { operations } from '../../../emulator/wire/operations.ts';
import { serverAgent, useAgent } from '../../support/agents.ts';
import { runCommand } from '../../support/commands.ts';
import { nodeCode } from '../../support/controlPlane.ts';
import { sessionId, useEmulator } from '../../support/emulator.ts';
import { sdkSettings } from '../../support/sdk.ts';
import { connectShell } from '../../support/shells.ts';

/** Returns the URL that its session was given. */
const endpointAgent = serverAgent(
  `if (url === '/invocations') return json(response, { endpoint: process.env.AWS_ENDPOINT_URL_BEDROCK_AGENTCORE });`,
);

const own = { runtimeSessionId: sessionId('own') };
const other = { runtimeSessionId: sessionId('other') };

/** Starts two sessions and creates AWS SDK clients for the first one's URL. */
async function useSession() {
  const emulator = await useEmulator({ agents: [await useAgent(endpointAgent)] });
  await emulator.invoke(other);
  const endpoint = String((await emulator.invoke(own))['endpoint']);
  const data = new BedrockAgentCoreClient(sdkSettings(endpoint));
  const control = new BedrockAgentCoreControlClient(sdkSettings(endpoint));
  onTestFinished(() => {
    data.destroy();
    control.destroy();
  });
  return { ...emulator, url: endpoint, data, control, client: () => data };
}

/** The error for an operation that a session may not call through its URL. */
const refusal = (operation: string) => ({
  name: 'AccessDeniedException',
  message: expect.stringMatching(`^${operation} is not allowed through a session's URL`),
});

test('Through its URL, a session invokes agents, uses Memory and lists deployments.', async () => {
  const { data, control, agent } = await useSession();
  const { agentRuntimes } = await control.send(new ListAgentRuntimesCommand({}));
  expect(agentRuntimes).toHaveLength(1);
  await control.send(new GetAgentRuntimeCommand({ agentRuntimeId: agent.runtimeId }));
  const answer = await data.send(
    new InvokeAgentRuntimeCommand({ agentRuntimeArn: agent.arn, ...other, payload: '{}' }),
  );
  expect(answer.statusCode).toBe(200);
  const { memory } = await control.send(
    new CreateMemoryCommand({ name: 'notes', eventExpiryDuration: 7 }),
  );
  const { event } = await data.send(
    new CreateEventCommand({
      memoryId: memory!.id,
      actorId: 'me',
      sessionId: 'talk',
      eventTimestamp: new Date(0),
      payload: [{ conversational: { role: 'USER', content: { text: 'hello' } } }],
    }),
  );
  expect(event?.memoryId).toBe(memory!.id);
});

test('Through its URL, a session runs commands only in itself and stops only itself.', async () => {
  const emulator = await useSession();
  const { data, agent, sessions } = emulator;
  const stop = (session: typeof own) =>
    data.send(new StopRuntimeSessionCommand({ agentRuntimeArn: agent.arn, ...session }));
  const otherSessions = [other, { runtimeSessionId: sessionId('new') }, {}];
  for (const session of otherSessions) {
    await expect(runCommand(emulator, 'true', session)).rejects.toMatchObject(
      refusal('InvokeAgentRuntimeCommand'),
    );
  }
  await expect(connectShell(emulator, other.runtimeSessionId)).rejects.toThrow(
    /^403 AccessDeniedException: .*InvokeAgentRuntimeCommandShell is not allowed/,
  );
  await expect(stop(other)).rejects.toMatchObject(refusal('StopRuntimeSession'));
  expect(await runCommand(emulator, 'echo mine', own)).toMatchObject({ stdout: 'mine\n' });
  await stop(own);
  expect(await sessions()).toMatchObject([
    { sessionId: other.runtimeSessionId, state: 'idle' },
    { sessionId: own.runtimeSessionId, reason: 'stopped' },
  ]);
});

test('Through its URL, a session cannot change runtimes.', async () => {
  const { control, agent } = await useSession();
  const { runtimeId: agentRuntimeId, arn: resourceArn } = agent;
  const code = nodeCode('intruder');
  const endpointName = 'DEFAULT';
  const sent = {
    CreateAgentRuntime: control.send(
      new CreateAgentRuntimeCommand({ ...code, networkConfiguration: { networkMode: 'PUBLIC' } }),
    ),
    UpdateAgentRuntime: control.send(
      new UpdateAgentRuntimeCommand({
        ...code,
        agentRuntimeId,
        networkConfiguration: { networkMode: 'PUBLIC' },
      }),
    ),
    DeleteAgentRuntime: control.send(new DeleteAgentRuntimeCommand({ agentRuntimeId })),
    CreateAgentRuntimeEndpoint: control.send(
      new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'more' }),
    ),
    UpdateAgentRuntimeEndpoint: control.send(
      new UpdateAgentRuntimeEndpointCommand({ agentRuntimeId, endpointName }),
    ),
    DeleteAgentRuntimeEndpoint: control.send(
      new DeleteAgentRuntimeEndpointCommand({ agentRuntimeId, endpointName }),
    ),
    PutResourcePolicy: control.send(new PutResourcePolicyCommand({ resourceArn, policy: '{}' })),
    DeleteResourcePolicy: control.send(new DeleteResourcePolicyCommand({ resourceArn })),
    TagResource: control.send(new TagResourceCommand({ resourceArn, tags: { a: 'b' } })),
    UntagResource: control.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] })),
  };
  await Promise.all(
    Object.entries(sent).map(([name, answer]) =>
      expect(answer).rejects.toMatchObject(refusal(name)),
    ),
  );
});

test('Through its URL, a session may call every operation of Memory.', async () => {
  const { url } = await useSession();
  const ofMemory = [...operations.values()].filter(({ template }) =>
    template.startsWith('/memories/'),
  );
  expect(ofMemory.length).toBeGreaterThan(10);
  for (const { name, method, template } of ofMemory) {
    const path = template.replaceAll(/\{[^}]*\}/g, 'x');
    const body = method === 'GET' ? {} : { body: '{}' };
    const { status } = await fetch(url + path, { method, ...body });
    expect({ name, status }).not.toMatchObject({ status: 403 });
  }
});
