import { AccessDeniedException } from '@aws-sdk/client-bedrock-agentcore';
import {
  ConflictException,
  CreateAgentRuntimeEndpointCommand,
  DeleteAgentRuntimeCommand,
  DeleteAgentRuntimeEndpointCommand,
  DeleteResourcePolicyCommand,
  GetAgentRuntimeEndpointCommand,
  GetResourcePolicyCommand,
  ListAgentRuntimeEndpointsCommand,
  ListTagsForResourceCommand,
  PutResourcePolicyCommand,
  ResourceNotFoundException,
  ServiceQuotaExceededException,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAgentRuntimeEndpointCommand,
  ValidationException,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { echoAgent, useAgent } from '../../../../support/agents.ts';
import { useControlPlane } from '../../../../support/controlPlane.ts';
import { sessionId, useEmulator } from '../../../../support/emulator.ts';
import { eventually } from '../../../../support/eventually.ts';

/** An emulator with one agent, and what a test calls its control plane by. */
async function useOne() {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const { runtimeId: agentRuntimeId, arn } = emulator.agent;
  return { emulator, control: useControlPlane(emulator), agentRuntimeId, arn };
}

test('an endpoint is made, read, changed, listed and deleted', async () => {
  const { control, agentRuntimeId, arn } = await useOne();
  const of = { agentRuntimeId, endpointName: 'prod' };
  const endpointArn = `${arn}/runtime-endpoint/prod`;
  expect(
    await control.send(
      new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'prod', description: 'x' }),
    ),
  ).toMatchObject({
    status: 'CREATING',
    targetVersion: '1',
    agentRuntimeEndpointArn: endpointArn,
    endpointName: 'prod',
  });
  expect(await control.send(new GetAgentRuntimeEndpointCommand(of))).toMatchObject({
    name: 'prod',
    description: 'x',
    status: 'READY',
    liveVersion: '1',
    targetVersion: '1',
    id: expect.stringMatching(/^prod-[a-zA-Z0-9]{10}$/) as string,
  });
  const update = new UpdateAgentRuntimeEndpointCommand({ ...of, description: 'y' });
  expect(await control.send(update)).toMatchObject({ status: 'UPDATING', liveVersion: '1' });
  const { runtimeEndpoints } = await control.send(
    new ListAgentRuntimeEndpointsCommand({ agentRuntimeId }),
  );
  expect(runtimeEndpoints).toMatchObject([
    { name: 'DEFAULT', status: 'READY' },
    { name: 'prod', status: 'READY', description: 'y' },
  ]);
  expect(await control.send(new DeleteAgentRuntimeEndpointCommand(of))).toMatchObject({
    status: 'DELETING',
    endpointName: 'prod',
  });
  await expect(control.send(new GetAgentRuntimeEndpointCommand(of))).rejects.toBeInstanceOf(
    ResourceNotFoundException,
  );
});

test('an endpoint that is deleted takes its sessions with it, and no others', async () => {
  const { emulator, control, agentRuntimeId } = await useOne();
  await control.send(new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'prod' }));
  await emulator.invoke({ runtimeSessionId: sessionId('a'), qualifier: 'prod' });
  await emulator.invoke({ runtimeSessionId: sessionId('b') });
  await control.send(
    new DeleteAgentRuntimeEndpointCommand({ agentRuntimeId, endpointName: 'prod' }),
  );
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([
      { qualifier: 'prod', state: 'terminated', reason: 'runtime-deleted' },
      { qualifier: 'DEFAULT', state: 'idle' },
    ]),
  );
});

test('DEFAULT is neither made nor pinned nor deleted', async () => {
  const { control, agentRuntimeId } = await useOne();
  const of = { agentRuntimeId, endpointName: 'DEFAULT' };
  await expect(
    control.send(new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'DEFAULT' })),
  ).rejects.toBeInstanceOf(ConflictException);
  await expect(
    control.send(new UpdateAgentRuntimeEndpointCommand({ ...of, agentRuntimeVersion: '1' })),
  ).rejects.toBeInstanceOf(ValidationException);
  await expect(control.send(new DeleteAgentRuntimeEndpointCommand(of))).rejects.toBeInstanceOf(
    ConflictException,
  );
});

test('an endpoint leads to a version that there is, and a version in use is not deleted', async () => {
  const { control, agentRuntimeId } = await useOne();
  const name = 'prod';
  await expect(
    control.send(
      new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name, agentRuntimeVersion: '9' }),
    ),
  ).rejects.toThrow(/no version '9'; it has 1/);
  await control.send(new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name }));
  await expect(
    control.send(new DeleteAgentRuntimeCommand({ agentRuntimeId, agentRuntimeVersion: '1' })),
  ).rejects.toThrow(/in use by DEFAULT, prod/);
});

test('a runtime has ten endpoints', async () => {
  const { control, agentRuntimeId } = await useOne();
  const create = (name: string) =>
    control.send(new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name }));
  for (let number = 1; number < 10; number += 1) await create(`e${number}`);
  await expect(create('e10')).rejects.toBeInstanceOf(ServiceQuotaExceededException);
});

test('runtimes and endpoints have tags; of others it is said what is emulated', async () => {
  const { control, agentRuntimeId, arn } = await useOne();
  await control.send(
    new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'prod', tags: { a: '1' } }),
  );
  const tagsOf = async (resourceArn: string) =>
    (await control.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
  const endpointArn = `${arn}/runtime-endpoint/prod`;
  expect(await tagsOf(endpointArn)).toEqual({ a: '1' });
  await control.send(new TagResourceCommand({ resourceArn: arn, tags: { b: '2', c: '3' } }));
  await control.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: ['b'] }));
  expect(await tagsOf(arn)).toEqual({ c: '3' });
  expect(await tagsOf(endpointArn)).toEqual({ a: '1' });

  const gateway = tagsOf('arn:aws:bedrock-agentcore:us-east-1:000000000000:gateway/g-0123456789');
  await expect(gateway).rejects.toBeInstanceOf(ResourceNotFoundException);
  await expect(gateway).rejects.toThrow(
    /supports tags of agent runtimes, their endpoints and memories/,
  );
  await expect(
    control.send(new TagResourceCommand({ resourceArn: arn, tags: { 'aws:x': '1' } })),
  ).rejects.toBeInstanceOf(ValidationException);
});

/** A policy of one statement. */
const policyOf = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [statement] });

test('what a resource policy denies to everybody is denied, by its statement', async () => {
  const { emulator, control, arn } = await useOne();
  const policy = policyOf({
    Sid: 'Closed',
    Effect: 'Deny',
    Principal: '*',
    Action: 'bedrock-agentcore:Invoke*',
    Resource: '*',
  });
  const resourceArn = arn;
  await control.send(new PutResourcePolicyCommand({ resourceArn, policy }));
  expect(await control.send(new GetResourcePolicyCommand({ resourceArn }))).toMatchObject({
    policy,
  });
  const invoking = emulator.invoke();
  await expect(invoking).rejects.toBeInstanceOf(AccessDeniedException);
  await expect(invoking).rejects.toThrow(
    /bedrock-agentcore:InvokeAgentRuntime on .* is denied by statement 'Closed'/,
  );
  await control.send(new DeleteResourcePolicyCommand({ resourceArn }));
  expect(await emulator.invoke()).toMatchObject({ turns: 1 });
});

test("an endpoint's policy denies by that endpoint alone", async () => {
  const { emulator, control, agentRuntimeId, arn } = await useOne();
  await control.send(new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'prod' }));
  const resourceArn = `${arn}/runtime-endpoint/prod`;
  const policy = policyOf({
    Effect: 'Deny',
    Principal: { AWS: ['*'] },
    NotAction: 'bedrock-agentcore:StopRuntimeSession',
    Resource: resourceArn,
  });
  await control.send(new PutResourcePolicyCommand({ resourceArn, policy }));
  await expect(emulator.invoke({ qualifier: 'prod' })).rejects.toThrow(/denied by statement 1/);
  expect(await emulator.invoke()).toMatchObject({ turns: 1 });
});

const actions = {
  '*e*e*t*': true,
  '*Agent????ime': true,
  'BEDROCK-agentcore:*': true,
  'bedrock-agentcore:InvokeAgentRuntime*': true,
  'bedrock.agentcore:*': false,
  '*Invoke': false,
  'bedrock-agentcore:InvokeAgentRuntim': false,
  [`${'*'.repeat(40)}!`]: false,
};

test('the action of a policy is decided at once, whatever stars it has', async () => {
  const { emulator, control, arn } = await useOne();
  for (const [Action, isMeant] of Object.entries(actions)) {
    const policy = policyOf({ Effect: 'Deny', Principal: '*', Action, Resource: '*' });
    await control.send(new PutResourcePolicyCommand({ resourceArn: arn, policy }));
    const isDenied = await emulator.invoke({ runtimeSessionId: sessionId('a') }).then(
      () => false,
      (error: unknown) => error instanceof AccessDeniedException,
    );
    expect({ Action, isDenied }).toEqual({ Action, isDenied: isMeant });
  }
});

test('a policy that cannot be decided here denies nothing, and says so', async () => {
  const { emulator, control, arn } = await useOne();
  const deny = { Effect: 'Deny', Action: '*', Resource: '*' };
  const some = { ...deny, Principal: { AWS: 'arn:aws:iam::123456789012:role/x' } };
  const conditional = {
    ...deny,
    Principal: '*',
    Condition: { Bool: { 'aws:ViaAWSService': 'x' } },
  };
  for (const [statement, why] of [
    [some, /statement 1 is about some callers/],
    [conditional, /statement 1 has a Condition/],
  ] as const) {
    const policy = policyOf(statement);
    await control.send(new PutResourcePolicyCommand({ resourceArn: arn, policy }));
    expect(emulator.log.join('\n')).toMatch(why);
    expect(await emulator.invoke()).toMatchObject({ turns: 1 });
  }
});

test.each([
  ['{', /not valid JSON/],
  ['{}', /no Statement/],
  [policyOf({ Effect: 'deny' }), /statement 1 has the Effect "deny"/],
  [policyOf({ Effect: 'Deny', Principal: '*', Resource: '*' }), /needs either Action or NotAction/],
])('the policy %s is refused', async (policy, why) => {
  const { control, arn } = await useOne();
  const putting = control.send(new PutResourcePolicyCommand({ resourceArn: arn, policy }));
  await expect(putting).rejects.toBeInstanceOf(ValidationException);
  await expect(putting).rejects.toThrow(why);
});
