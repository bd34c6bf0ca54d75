import { AccessDeniedException } from '@aws-sdk/client-bedrock-agentcore';
import { UpdateMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { createEmulator } from '../../../../emulator/emulator.ts';
import { OptionError } from '../../../../emulator/optionError.ts';
import { allow, event, accessKeysFor, tenant, useTenants } from '../../../support/tenants.ts';

/** A condition of a statement that allows all, and whether Ana's event meets it. */
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

test('conditions are met or not as in IAM', async () => {
  const callers = conditions.map(([operator, keys], index) => ({
    is: { accessKeyId: `ANA${index}` },
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

test('what in a policy can mean nothing is said at start', async () => {
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
  expect(log).not.toContain('nothing by bedrock-agentcore:listmemories');
  for (const hint of [
    '1.json has no "Version": "2012-10-17", without which ${aws:PrincipalTag/Team} is a text',
    "the statement 'S' of 1.json does not allow RetrieveMemoryRecords: bedrock-agentcore:actorId is not in such requests; RetrieveMemoryRecords has namespace, namespacePath, strategyId",
    'has the condition key bedrock-agentcore:actor, which requests to Memory do not have; there are actorId, ',
    'the access key CORA: statement 1 of 2.json denies nothing by bedrock-agentcore:deleteevents: no action is named so',
    'denies nothing by bedrock:listevents: no action is named so',
    'has the condition key aws:SourceVpc, which is not known here',
    'the access key BEA: 1.json has ${aws:PrincipalTag/Team}, and the caller has no such tag',
  ]) {
    expect(log).toContain(hint);
  }
});

test.each([
  [{ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, /condition operator IpAddress, which is not/],
  [{ StringEquals: { x: '${aws:PrincipalTag/Team' } }, /has the variable '\$\{aws:PrincipalTag/],
  [{ StringEquals: { x: null } }, /has a Condition StringEquals x that is neither a text nor/],
])('a policy with the condition %o is refused at start', async (Condition, why) => {
  const callers = [tenant('ANA', allow({ Sid: 'S', Action: '*', Condition }))];
  const starting = createEmulator({
    agents: [],
    port: 0,
    accessKeys: accessKeysFor(callers),
    callers,
  });
  await expect(starting).rejects.toBeInstanceOf(OptionError);
  await expect(starting).rejects.toThrow(why);
  await expect(starting).rejects.toThrow("1.json of the access key ANA: the statement 'S'");
});

test.each([
  [{ Conditions: {} }, {}, /1\.json .*: the statement 'S' has the element 'Conditions'/],
  [
    {},
    { Statements: [] },
    /1\.json .*: has the element 'Statements'; there are Version, Id, Statement/,
  ],
])(
  'a misspelt element of a policy, %o %o, is refused at start',
  async (ofStatement, ofPolicy, why) => {
    const policy = { ...allow({ Sid: 'S', Action: '*', ...ofStatement }), ...ofPolicy };
    const callers = [tenant('ANA', policy)];
    const starting = createEmulator({
      agents: [],
      port: 0,
      accessKeys: accessKeysFor(callers),
      callers,
    });
    await expect(starting).rejects.toThrow(why);
  },
);

test('a caller that cannot be told from others is refused at start', async () => {
  const accessKeys = accessKeysFor([tenant('ANA')]);
  for (const [options, why] of [
    [{ callers: [tenant('ANA')] }, /start with --auth sigv4/],
    [{ accessKeys, callers: [tenant('BEA')] }, /none of those .* which are test, ANA$/],
    [{ accessKeys, callers: [tenant('ANA'), tenant('ANA')] }, /described twice/],
    [{ accessKeys, callers: [{ ...tenant('ANA'), arn: 'ANA' }] }, /has the arn 'ANA'/],
  ] as const) {
    const starting = createEmulator({ agents: [], port: 0, ...options });
    await expect(starting).rejects.toBeInstanceOf(OptionError);
    await expect(starting).rejects.toThrow(why);
  }
});
