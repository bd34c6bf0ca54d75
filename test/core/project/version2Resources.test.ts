import { expect, test } from 'vitest';
import { readProject } from '../../../src/core/project/project.ts';
import { useProject } from '../../support/project.ts';
import { arn, version2 } from '../../support/projectResources.ts';
import { testWrongFields, type WrongField } from '../../support/wrongFields.ts';

test('A file of version 2 with every preview resource is read.', async () => {
  const { agents, warnings } = await readProject(await useProject(version2));
  expect(warnings).toEqual([]);
  expect(agents[0]!.name).toBe('Helper');
});

const sums = ['agentCoreGateways', 0, 'targets', 0];
const docs = ['agentCoreGateways', 0, 'targets', 1, 'configurations'];
const online = ['onlineEvalConfigs', 0];

const wrong: readonly WrongField[] = [
  [
    ['toolRuntimes', 0, 'toolDefinition', 'inputSchema', 'properties', 'terms', 'items', 'type'],
    'float',
    'toolRuntimes[0].toolDefinition.inputSchema.properties.terms.items.type: "float" is not valid. Use one of "string", "number", "object", "array", "boolean", "integer".',
  ],
  [
    ['toolRuntimes', 0, 'bindings', 0, 'envVarName'],
    '1ST',
    'toolRuntimes[0].bindings[0].envVarName: "1ST" is not valid. Use a name of letters, digits and _ that does not start with a digit.',
  ],
  [
    ['runtimes', 0, 'connections', 0, 'to'],
    { type: 'memory' },
    'runtimes[0].connections[0].to: {"type":"memory"} does not identify a memory. Use either arn or name.',
  ],
  [
    ['runtimes', 0, 'connections', 1, 'to', 'arn'],
    arn('runtime/r'),
    `runtimes[0].connections[1].to.arn: "${arn('runtime/r')}" is not valid. Use an ARN such as arn:aws:bedrock-agentcore:us-east-1:123456789012:gateway/ID.`,
  ],
  [
    ['runtimes', 0, 'connections', 1, 'to', 'outboundAuth'],
    {},
    'runtimes[0].connections[1].to.outboundAuth: {} is not an authorization. Use exactly one of awsIam, none, oauth.',
  ],
  [
    ['runtimes', 0, 'connections', 3, 'to', 'type'],
    'queue',
    'runtimes[0].connections[3].to.type: "queue" is not valid. Use one of "memory", "gateway", "runtime", "browser", "codeInterpreter".',
  ],
  [
    ['knowledgeBases', 0, 'dataSources', 0, 'uri'],
    's3://Docs',
    'knowledgeBases[0].dataSources[0].uri: "s3://Docs" is not valid. Use a URI such as s3://bucket/prefix, with the name of an S3 bucket.',
  ],
  [
    ['knowledgeBases', 0, 'dataSources', 0],
    version2.knowledgeBases[0]!.dataSources[1],
    'knowledgeBases[0].dataSources[1]: {"type":"WEB","connectorConfigFile":"web.json"} has the same content as entry 0. Remove one of them.',
  ],
  [
    ['evaluators', 0, 'config', 'codeBased', 'external', 'lambdaArn'],
    'Own',
    'evaluators[0].config.codeBased.external.lambdaArn: "Own" is not valid. Use an ARN such as arn:aws:lambda:us-east-1:123456789012:function:Name.',
  ],
  [
    [...online, 'insights'],
    [],
    'onlineEvalConfigs[0]: {…} needs exactly one kind of evaluation. Use either evaluators or insights.',
  ],
  [
    [...online, 'endpoint'],
    'prod',
    'onlineEvalConfigs[0].endpoint: "prod" has no effect without agent. Add agent, or remove it.',
  ],
  [
    [...sums, 'compute', 'pythonVersion'],
    undefined,
    'agentCoreGateways[0].targets[0].compute.pythonVersion: The value is missing. A function in Python requires it.',
  ],
  [
    [...sums, 'compute', 'host'],
    'Fargate',
    'agentCoreGateways[0].targets[0].compute.host: "Fargate" is not valid. Use one of "Lambda", "AgentCoreRuntime".',
  ],
  [
    [...sums, 'toolDefinitions'],
    [],
    'agentCoreGateways[0].targets[0].toolDefinitions: [] is not valid. Use at least one tool.',
  ],
  [
    [...docs, 0, 'parameterValues', 'knowledgeBaseId'],
    'Doc',
    'agentCoreGateways[0].targets[1].configurations[0].parameterValues.knowledgeBaseId: "Doc" is not in knowledgeBases, which has Docs. Add it there.',
  ],
  [
    [...docs, 1, 'parameterValues', 'retrievers'],
    [{ configuration: { knowledgeBase: { knowledgeBaseId: 'Doc' } } }],
    'agentCoreGateways[0].targets[1].configurations[1].parameterValues.retrievers[0].configuration.knowledgeBase.knowledgeBaseId: "Doc" is not in knowledgeBases, which has Docs. Add it there.',
  ],
  [
    ['agentCoreGateways', 1, 'targets', 0, 'httpRuntime', 'runtimeEndpoint'],
    'live',
    'agentCoreGateways[1].targets[0].httpRuntime.runtimeEndpoint: "live" is not in the endpoints of Helper, which has DEFAULT, prod. Add it there.',
  ],
  [
    ['policyEngines', 0, 'policies', 1],
    { name: 'All', statement: 'forbid(p, a, r);' },
    'policyEngines[0].policies[1].name: "All" is also the name of entry 0. Use each name once.',
  ],
  [
    ['configBundles', 0, 'description'],
    '',
    'configBundles[0].description: "" is not valid. Use text that is not empty.',
  ],
  [
    ['payments', 1],
    { name: 'SHOP' },
    'payments[1].name: "SHOP" is also the name of payments[0]. Use names that differ by more than case, because variables for agents contain them in capitals.',
  ],
  [
    ['payments', 0, 'authorizerType'],
    'CUSTOM_JWT',
    'payments[0].authorizerConfiguration: The value is missing. Add a customJWTAuthorizer, which CUSTOM_JWT requires.',
  ],
  [
    ['payments', 0, 'connectors', 0, 'credentialName'],
    undefined,
    'payments[0].connectors[0].credentialName: The value is missing. Use the name of an entry of credentials.',
  ],
  [
    ['payments', 0, 'connectors', 0, 'provider'],
    'StripePrivy',
    'payments[0].connectors[0].credentialName: "Wallet" is not in the payment credentials of StripePrivy, which is empty. Add it there.',
  ],
  [
    ['payments', 0, 'connectors', 1, 'credentialName'],
    'Wallet',
    'payments[0].connectors[1].credentialName: "Wallet" has no effect with provisionMode QUICK_CREATE. Remove it.',
  ],
];

testWrongFields(version2, wrong);
