import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readProject } from '../../../src/core/project/project.ts';
import { project, useProject } from '../../support/project.ts';
import { everyResource } from './everyResource.ts';
import { FILE, readErrors } from './readErrors.ts';

const [helper] = project.runtimes;

test.for([
  [1, { mcpRuntimeTools: [], datasets: [] }],
  [2, { toolRuntimes: [] }],
] as const)('A file of version %i with every kind of resource is read.', async ([version, own]) => {
  const root = await useProject({ ...project, ...everyResource, version, ...own });
  const { name, agents, memories, warnings } = await readProject(root);
  expect({ name, warnings }).toEqual({ name: 'Demo', warnings: [] });
  expect(agents).toMatchObject([{ name: 'Helper', warnings: [] }]);
  expect(memories.map((memory) => memory.name)).toEqual(['Notes']);
});

/** The file with other fields in one entry. */
const change = (section: keyof typeof everyResource, fields: object, index = 0) => {
  const entries: readonly object[] = everyResource[section] as object[];
  const changed = entries.with(index, { ...entries[index], ...fields });
  return { ...project, ...everyResource, version: 2, [section]: changed };
};

test.for<[object, ...string[]]>([
  [
    change('runtimes', { networkMode: 'X' }),
    'runtimes[0].networkMode: "X" is not valid. Use one of "PUBLIC", "VPC".',
  ],
  [
    change('runtimes', { networkMode: 'VPC' }),
    'runtimes[0].networkConfig: The value is missing. Add subnets and securityGroups, which networkMode VPC requires.',
  ],
  [
    change('runtimes', {
      networkMode: 'VPC',
      networkConfig: { subnets: ['subnet-0123abcd'], securityGroups: ['sg'] },
    }),
    'runtimes[0].networkConfig.securityGroups[0]: "sg" is not valid. Use a security group, such as sg-0123abcd.',
  ],
  [
    change('runtimes', { runtimeVersion: 'PYTHON_3_9' }),
    'runtimes[0].runtimeVersion: "PYTHON_3_9" is not valid. Use an AWS runtime, PYTHON_3_10 to PYTHON_3_14, or NODE_18, NODE_20 or NODE_22.',
  ],
  [
    change('runtimes', { envVars: [{ name: '1ST', value: '' }] }),
    'runtimes[0].envVars[0].name: "1ST" is not valid. Use a name of letters, digits and _ that does not start with a digit.',
  ],
  [
    change('runtimes', { executionRoleArn: 'Agent' }),
    'runtimes[0].executionRoleArn: "Agent" is not valid. Use an ARN such as arn:aws:iam::123456789012:role/Name.',
  ],
  [
    change('runtimes', { tags: { 'aws:mine': 'x' } }),
    'runtimes[0].tags.aws:mine: "x" has an invalid key. Use up to 128 characters, not starting with aws:.',
  ],
  [
    change('memories', { strategies: [{ type: 'SEMANTIC' }, { type: 'SEMANTIC' }] }),
    'memories[0].strategies[1].type: "SEMANTIC" is also the type of entry 0. Use each type once.',
  ],
  [
    change('credentials', { authorizerType: 'Password' }),
    'credentials[0].authorizerType: "Password" is not valid. Use one of "ApiKeyCredentialProvider", "OAuthCredentialProvider", "PaymentCredentialProvider".',
  ],
  [
    change(
      'credentials',
      {
        discoveryUrl: undefined,
        scopes: undefined,
        providerConfig: { x: { clientSecret: 'hush' } },
      },
      1,
    ),
    'credentials[1].providerConfig: The value contains a secret. Move it to agentcore/.env.local, or name it with clientSecretRef.',
  ],
  [
    change('agentCoreGateways', {
      targets: [
        {
          name: 'a',
          targetType: 'mcpServer',
          outboundAuth: { type: 'API_KEY', credentialName: 'Key' },
        },
      ],
    }),
    'agentCoreGateways[0].targets[0].endpoint: The value is missing. Use the URL of the MCP server, or add compute.',
    'agentCoreGateways[0].targets[0].outboundAuth.type: "API_KEY" does not suit the target. Use one of "OAUTH", "NONE".',
  ],
  [
    change('agentCoreGateways', { protocolType: 'MCP' }, 1),
    'agentCoreGateways[1].targets[0].targetType: "httpRuntime" requires a gateway with "protocolType": "None". Add it to the gateway.',
  ],
  [
    change('agentCoreGateways', {
      policyEngineConfiguration: { policyEngineName: 'Gard', mode: 'ENFORCE' },
    }),
    'agentCoreGateways[0].policyEngineConfiguration.policyEngineName: "Gard" is not in policyEngines, which has Guard. Add it there.',
  ],
  [
    change('evaluators', { level: 'ALL', config: {} }),
    'evaluators[0].level: "ALL" is not valid. Use one of "SESSION", "TRACE", "TOOL_CALL".',
    'evaluators[0].config: {} is not a configuration. Use either llmAsAJudge or codeBased.',
  ],
  [
    change('onlineEvalConfigs', { evaluators: ['Tune'] }),
    'onlineEvalConfigs[0].evaluators[0]: "Tune" is not in evaluators, which has Tone. Add it there.',
  ],
  [
    change('policyEngines', { policies: [{ name: 'All', statement: '' }] }),
    'policyEngines[0].policies[0].statement: "" is not valid. Use a Cedar policy.',
  ],
  [
    change('harnesses', { path: undefined }),
    "harnesses[0].path: The value is missing. Use the folder of the harness's file, such as app/Harness.",
  ],
])('What a deployment would refuse is reported: %#', async ([file, ...messages]) => {
  const errors = await readErrors(file);
  expect(errors.map((line) => line.replace(/^agentcore\/agentcore\.json:1:\d+: /, ''))).toEqual(
    messages,
  );
});

test('A network that exists only in AWS is a warning.', async () => {
  const networkConfig = { subnets: ['subnet-0123abcd'], securityGroups: ['sg-0123abcd'] };
  const runtimes = [{ ...helper, networkMode: 'VPC', networkConfig }];
  const { agents } = await readProject(await useProject({ ...project, runtimes }));
  expect(agents[0]!.warnings).toEqual([
    'networkMode VPC is not emulated. Sessions use the network of this machine.',
  ]);
});

test('A wrong value deep in a list is reported with its line and column.', async () => {
  const second = { ...helper, name: 'Other', envVars: [{ name: 'A', value: 'a' }, { name: 'B' }] };
  const wrong = { ...second, lifecycleConfiguration: { maxLifetime: 28_801 } };
  const text = JSON.stringify({ ...project, runtimes: [helper, wrong] }, null, 2);
  const lines = text.split('\n');
  const findLine = (content: string) => lines.findLastIndex((line) => line.includes(content)) + 1;
  expect(await readErrors(text)).toEqual([
    `${FILE}:${findLine('"B"') - 1}:9: runtimes[1].envVars[1].value: The value is missing. Use a string.`,
    `${FILE}:${findLine('28801')}:24: runtimes[1].lifecycleConfiguration.maxLifetime: 28801 is not valid. Use a whole number of seconds from 60 to 28800.`,
  ]);
});

test('An invalid runtime does not hide other errors.', async () => {
  const file = {
    name: '1st',
    runtimes: [helper, 'Broken', { ...helper, protocol: 'SOAP' }, { codeLocation: 'app/' }],
    memories: [
      { name: 'Notes', eventExpiryDuration: 30 },
      { name: 'NOTES', eventExpiryDuration: 2 },
    ],
  };
  const at = `${FILE}:1:`;
  expect((await readErrors(file)).map((line) => line.replace(/:1:\d+:/, ':1:'))).toEqual(
    [
      'name: "1st" is not valid. Use a project name that starts with a letter and has up to 22 more letters or digits.',
      'runtimes[1]: "Broken" is not valid. Use an object.',
      'runtimes[2].protocol: "SOAP" is not valid. Use one of "HTTP", "MCP", "A2A", "AGUI".',
      'runtimes[3].name: The value is missing. Use a name that starts with a letter and has up to 47 more letters, digits or _.',
      'memories[1].eventExpiryDuration: 2 is not valid. Use a whole number of days from 3 to 3650.',
      'runtimes[2].name: "Helper" is also the name of runtimes[0]. Use a unique name.',
      'memories[1].name: "NOTES" is also the name of memories[0]. Use names that differ by more than case, because agents find memories by MEMORY_<NAME>_ID.',
    ].map((line) => `${at} ${line}`),
  );
});

test.for([
  [
    'a byte order mark',
    '\uFEFF{}',
    '1:1: The file starts with a byte order mark. Save it as UTF-8 without one.',
  ],
  [
    'a comment',
    '{\n  // mine\n  "name": "Demo"\n}',
    '2:3: JSON has no comments. Remove the comment.',
  ],
  ['a block comment', '{ /* mine */ }', '1:3: JSON has no comments. Remove the comment.'],
  [
    'a trailing comma',
    '{\n  "name": "Demo",\n}',
    '2:17: JSON has no trailing commas. Remove the comma.',
  ],
  [
    'a trailing comma in a list',
    '{"a": [1,\n]}',
    '1:9: JSON has no trailing commas. Remove the comma.',
  ],
  ['a missing brace', '{', '1:2: Not valid JSON. Write "}" here.'],
  ['a missing comma', '{"a": 1 "b": 2}', '1:9: Not valid JSON. Write "," here.'],
  ['no content', '', '1:1: Not valid JSON. Write a value here.'],
  ['a second value', '{} {}', '1:4: Not valid JSON. Remove the text after the end of the value.'],
  ['no object', '[]', '1:1: the file: [] is not valid. Use an object.'],
])('A file with %s is rejected with the position.', async ([, text, message]) => {
  expect(await readErrors(text!)).toEqual([`${FILE}:${message}`]);
});

test('Of a field that is given twice, the last value counts.', async () => {
  expect(await readErrors('{\n"name": "Demo",\n"name": "1st", "runtimes": []\n}')).toEqual([
    `${FILE}:3:9: name: "1st" is not valid. Use a project name that starts with a letter and has up to 22 more letters or digits.`,
  ]);
});

test('Missing folders and Dockerfiles of all runtimes are reported at once.', async () => {
  const runtimes = [
    { ...helper, codeLocation: 'gone/' },
    { ...helper, name: 'Image', build: 'Container' },
    { name: 'Empty', codeLocation: 'app/' },
  ];
  const root = await useProject(JSON.stringify({ name: 'Demo', runtimes }, null, 1));
  await expect(readProject(root)).rejects.toThrow(
    [
      `${FILE}:7:20: runtimes[0].codeLocation: "gone/" does not exist. Create the folder ${join(root, 'gone')}.`,
      `${FILE}:13:13: runtimes[1].build: "Container" requires a Dockerfile. Create ${join(root, 'app', 'Dockerfile')}.`,
      `${FILE}:15:3: runtimes[2].entrypoint: The value is missing, and there is no Dockerfile. Use the file that starts the agent, such as main.ts.`,
    ].join('\n'),
  );
});

test('An agent without an entrypoint file runs in a container if it has a Dockerfile.', async () => {
  const root = await useProject(project);
  await writeFile(join(root, 'app', 'Dockerfile'), 'FROM scratch');
  expect((await readProject(root)).agents[0]).toMatchObject({ build: 'CodeZip' });
  await rm(join(root, 'app', 'main.js'));
  expect((await readProject(root)).agents[0]).toMatchObject({ build: 'Container' });
});
