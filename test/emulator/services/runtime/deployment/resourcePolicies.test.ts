import { AccessDeniedException } from '@aws-sdk/client-bedrock-agentcore';
import {
  CreateAgentRuntimeEndpointCommand,
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  ResourceNotFoundException,
  ValidationException,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { sessionId } from '../../../../support/emulator.ts';
import { useControlledAgent } from './controlledAgent.ts';

/** Builds a policy with one statement. */
const buildPolicy = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [statement] });

test('a resource policy that denies everyone blocks invocations and names the statement', async () => {
  const { emulator, control, arn } = await useControlledAgent();
  const policy = buildPolicy({
    Sid: 'Closed',
    Effect: 'Deny',
    Principal: '*',
    Action: 'bedrock-agentcore:Invoke*',
    Resource: arn,
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

test("an endpoint's policy denies only that endpoint", async () => {
  const { emulator, control, agentRuntimeId, arn } = await useControlledAgent();
  await control.send(new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'prod' }));
  const resourceArn = `${arn}/runtime-endpoint/prod`;
  const policy = buildPolicy({
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
  '*Invoke': false,
  'bedrock-agentcore:InvokeAgentRuntim': false,
  [`${'*'.repeat(40)}!`]: false,
};

test('action patterns with any wildcards match quickly', async () => {
  const { emulator, control, arn } = await useControlledAgent();
  for (const [Action, expected] of Object.entries(actions)) {
    const policy = buildPolicy({ Effect: 'Deny', Principal: '*', Action, Resource: arn });
    await control.send(new PutResourcePolicyCommand({ resourceArn: arn, policy }));
    const isDenied = await emulator.invoke({ runtimeSessionId: sessionId('a') }).then(
      () => false,
      (error: unknown) => error instanceof AccessDeniedException,
    );
    expect({ Action, isDenied }).toEqual({ Action, isDenied: expected });
  }
});

test('a policy that the emulator cannot evaluate denies nothing and logs a warning', async () => {
  const { emulator, control, arn } = await useControlledAgent();
  const deny = { Effect: 'Deny', Action: '*', Resource: arn };
  const some = { ...deny, Principal: { AWS: 'arn:aws:iam::123456789012:role/x' } };
  const conditional = {
    ...deny,
    Principal: '*',
    Condition: { Bool: { 'aws:ViaAWSService': 'x' } },
  };
  for (const [statement, warning] of [
    [some, /statement 1 names specific principals/],
    [conditional, /statement 1 has a Condition/],
  ] as const) {
    const policy = buildPolicy(statement);
    await control.send(new PutResourcePolicyCommand({ resourceArn: arn, policy }));
    expect(emulator.log.join('\n')).toMatch(warning);
    expect(await emulator.invoke()).toMatchObject({ turns: 1 });
  }
});

const deny = { Effect: 'Deny', Principal: '*', Action: 'bedrock-agentcore:*' };

test.each([
  ['text', () => '{', 'This policy contains invalid Json. '],
  ['an empty document', () => '{}', 'Policy has no statements. '],
  [
    'no principal',
    (Resource: string) => buildPolicy({ Effect: 'Deny', Action: '*', Resource }),
    'Missing required field Principal. See statement 1.',
  ],
  [
    'an action of another service',
    (Resource: string) => buildPolicy({ ...deny, Action: ['s3:GetObject'], Resource }),
    'Policy has invalid action. "s3:GetObject". See statement 1.',
  ],
  ...['*', ['arn']].map(
    (Resource) =>
      [
        `the resource ${JSON.stringify(Resource)}`,
        () => buildPolicy({ ...deny, Resource }),
        'Policy statement block must contain exactly one resource ARN that matches the provided resource ARN. ',
      ] as const,
  ),
  [
    'an unknown effect',
    (Resource: string) => buildPolicy({ ...deny, Effect: 'deny', Resource }),
    'policy: statement 1 has the Effect "deny"',
  ],
  [
    'no action',
    (Resource: string) => buildPolicy({ Effect: 'Deny', Principal: '*', Resource }),
    'policy: statement 1 needs either Action or NotAction',
  ],
] as const)('PutResourcePolicy rejects %s', async (_, policyFor, reason) => {
  const { control, arn } = await useControlledAgent();
  const policy = policyFor(arn);
  const request = control.send(new PutResourcePolicyCommand({ resourceArn: arn, policy }));
  await expect(request).rejects.toBeInstanceOf(ValidationException);
  await expect(request).rejects.toThrow(reason);
});

test('a resource without a policy has none to get or to delete', async () => {
  const { control, arn: resourceArn } = await useControlledAgent();
  const found = await control.send(new GetResourcePolicyCommand({ resourceArn }));
  expect(found.policy).toBeUndefined();
  const deletion = control.send(new DeleteResourcePolicyCommand({ resourceArn }));
  await expect(deletion).rejects.toBeInstanceOf(ResourceNotFoundException);
});
