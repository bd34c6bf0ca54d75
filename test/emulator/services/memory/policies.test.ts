import { AccessDeniedException } from '@aws-sdk/client-bedrock-agentcore';
import { UpdateMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { createEmulator } from '../../../../emulator/emulator.ts';
import { OptionError } from '../../../../emulator/optionError.ts';
import { allow, event, createAccessKeys, tenant, useTenants } from '../../../support/tenants.ts';

/** Conditions of an Allow statement, and whether Ana's event meets them. */
const conditions: readonly (readonly [string, object, boolean])[] = [
  ['StringEquals', { 'bedrock-agentcore:actorId': ['bea', 'ana'] }, true],
  ['StringEquals', { 'bedrock-agentcore:actorId': 'ANA' }, false],
  ['StringEqualsIgnoreCase', { 'bedrock-agentcore:actorId': 'ANA' }, true],
  ['StringNotEquals', { 'bedrock-agentcore:actorId': ['bea', 'cora'] }, true],
  ['StringNotEquals', { 'bedrock-agentcore:actorId': ['bea', 'ana'] }, false],
  ['StringLike', { 'Bedrock-AgentCore:ActorID': 'a?a' }, true],
  ['StringNotLike', { 'bedrock-agentcore:actorId': 'a*' }, false],
  ['StringEquals', { 'bedrock-agentcore:strategyId': 'x' }, false],
  ['StringEqualsIfExists', { 'bedrock-agentcore:strategyId': 'x' }, true],
  ['StringNotEquals', { 'bedrock-agentcore:strategyId': 'x' }, true],
  ['ForAllValues:StringEquals', { 'bedrock-agentcore:strategyId': 'x' }, true],
  ['ForAnyValue:StringEquals', { 'bedrock-agentcore:strategyId': 'x' }, false],
  ['ForAllValues:StringLike', { 'bedrock-agentcore:actorId': ['b*', 'an*'] }, true],
  ['Null', { 'bedrock-agentcore:strategyId': 'true' }, true],
  ['Null', { 'bedrock-agentcore:actorId': true }, false],
  ['Bool', { 'aws:SecureTransport': 'true' }, true],
  ['ArnLike', { 'aws:PrincipalArn': 'arn:aws:iam::*:user/A*' }, true],
  ['ArnEquals', { 'aws:PrincipalArn': 'arn:aws:*:user/ANA' }, false],
  ['StringEquals', { 'aws:ResourceTag/stage': 'test', 'aws:username': 'ANA' }, true],
  ['StringEquals', { 'aws:ResourceTag/stage': 'test', 'aws:username': 'BEA' }, false],
  ['StringEquals', { 'bedrock-agentcore:namespaceVariable/org': 'acme' }, true],
  ['StringEquals', { 'bedrock-agentcore:actorId': "${aws:PrincipalTag/none, 'ana'}" }, true],
  ['StringEquals', { 'bedrock-agentcore:actorId': '${aws:PrincipalTag/none}' }, false],
  ['StringNotEquals', { 'bedrock-agentcore:actorId': '${aws:PrincipalTag/none}' }, true],
  ['StringLike', { 'bedrock-agentcore:actorId': '${aws:PrincipalTag/wild}' }, false],
  ['StringLike', { 'bedrock-agentcore:actorId': '${*}na' }, false],
  ['DateLessThan', { 'aws:CurrentTime': '2400-01-01T00:00:00Z' }, true],
  ['NumericGreaterThan', { 'aws:EpochTime': 13_569_465_600 }, false],
];

test('Conditions are evaluated as in IAM.', async () => {
  const callers = conditions.map(([operator, keys], index) => ({
    identity: { accessKeyId: `ANA${index}` },
    arn: 'arn:aws:iam::000000000000:user/ANA',
    tags: { wild: '*' },
    policies: [{ name: 'p', document: allow({ Action: '*', Condition: { [operator]: keys } }) }],
  }));
  const { as, control, memoryId } = await useTenants(callers);
  await control.send(new UpdateMemoryCommand({ memoryId, namespaceKeys: [{ key: 'org' }] }));
  const extractionConfig = { namespaceVariables: { org: 'acme' } };
  const met = conditions.map(async ([operator, keys], index) => {
    const sent = as(`ANA${index}`).send(event(memoryId, 'ana', { extractionConfig }));
    const outcome = await sent.then(
      () => true,
      (error: Error) => error.name !== AccessDeniedException.name && error,
    );
    return [operator, keys, outcome] as const;
  });
  expect(await Promise.all(met)).toEqual(conditions);
});

test('Parts of a policy that can have no effect are logged at start.', async () => {
  const { emulator } = await useTenants([
    {
      ...tenant('ANA', {
        Statement: {
          Sid: 'S',
          Effect: 'Allow',
          Action: ['bedrock-agentcore:RetrieveMemoryRecords', 'bedrock-agentcore:ListEvents'],
          Resource: '*',
          Condition: {
            StringEquals: {
              'bedrock-agentcore:actorId': '${aws:PrincipalTag/Team}',
              'bedrock-agentcore:actor': 'x',
              'aws:SourceVpc': 'vpc-1',
            },
          },
        },
      }),
    },
    tenant('BEA', allow({ Action: '*', Resource: 'x/${aws:PrincipalTag/Team}' })),
    tenant('CORA', allow({ Action: '*' }), {
      Statement: {
        Effect: 'Deny',
        Action: [
          'bedrock-agentcore:DeleteEvents',
          'bedrock:ListEvents',
          'bedrock-agentcore:ListMemories',
        ],
        Resource: '*',
      },
    }),
  ]);
  const log = emulator.log.join('\n');
  expect(log).not.toContain('nothing with bedrock-agentcore:listmemories');
  for (const hint of [
    '1.json has no "Version": "2012-10-17", so ${aws:PrincipalTag/Team} is literal text',
    "statement 'S' of 1.json does not allow RetrieveMemoryRecords: these requests do not have bedrock-agentcore:actorId. RetrieveMemoryRecords has namespace, namespacePath, strategyId",
    'has the condition key bedrock-agentcore:actor, which Memory requests do not have. Condition keys: actorId, ',
    'access key CORA: statement 1 of 2.json denies nothing with bedrock-agentcore:deleteevents: no such action exists',
    'denies nothing with bedrock:listevents: no such action exists',
    'has the condition key aws:SourceVpc, which the emulator does not support',
    'access key BEA: 1.json uses ${aws:PrincipalTag/Team}, but the caller has no such tag',
  ]) {
    expect(log).toContain(hint);
  }
});

test.each([
  [{ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, /condition operator IpAddress, which is not/],
  [
    { StringEquals: { x: '${aws:PrincipalTag/Team' } },
    /has the invalid variable '\$\{aws:PrincipalTag/,
  ],
  [{ StringEquals: { x: null } }, /has a Condition StringEquals x that is neither a string nor/],
])('A policy with the condition %o is rejected at start.', async (Condition, why) => {
  const callers = [tenant('ANA', allow({ Sid: 'S', Action: '*', Condition }))];
  const starting = createEmulator({
    agents: [],
    port: 0,
    accessKeys: createAccessKeys(callers),
    callers,
  });
  await expect(starting).rejects.toBeInstanceOf(OptionError);
  await expect(starting).rejects.toThrow(why);
  await expect(starting).rejects.toThrow("1.json of access key ANA: statement 'S'");
});

test.each([
  [{ Conditions: {} }, {}, /1\.json .*: statement 'S' has the unknown element 'Conditions'/],
  [
    {},
    { Statements: [] },
    /1\.json .*: has the unknown element 'Statements'; use Version, Id, Statement/,
  ],
])(
  'A policy with a misspelled element, %o %o, is rejected at start.',
  async (ofStatement, ofPolicy, why) => {
    const policy = { ...allow({ Sid: 'S', Action: '*', ...ofStatement }), ...ofPolicy };
    const callers = [tenant('ANA', policy)];
    const starting = createEmulator({
      agents: [],
      port: 0,
      accessKeys: createAccessKeys(callers),
      callers,
    });
    await expect(starting).rejects.toThrow(why);
  },
);

test('A caller that cannot be identified is rejected at start.', async () => {
  const accessKeys = createAccessKeys([tenant('ANA')]);
  for (const [options, why] of [
    [{ callers: [tenant('ANA')] }, /Start with --auth sigv4/],
    [
      { accessKeys, callers: [tenant('BEA')] },
      /access key BEA is unknown\. Known keys: test, ANA$/,
    ],
    [{ accessKeys, callers: [tenant('ANA'), tenant('ANA')] }, /appears more than once/],
    [{ accessKeys, callers: [{ ...tenant('ANA'), arn: 'ANA' }] }, /has the invalid arn 'ANA'/],
  ] as const) {
    const starting = createEmulator({ agents: [], port: 0, ...options });
    await expect(starting).rejects.toBeInstanceOf(OptionError);
    await expect(starting).rejects.toThrow(why);
  }
});
