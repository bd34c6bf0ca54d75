import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readProject } from '../../../src/core/project/project.ts';
import { project, useProject } from '../../support/project.ts';

const FILE = 'agentcore/agentcore.json';
const [helper] = project.runtimes;

/** The lines of the error that a file causes. */
async function readErrors(file: object | string): Promise<string[]> {
  const root = await useProject(file);
  const outcome = await readProject(root).catch((error: Error) => error);
  return outcome instanceof Error ? outcome.message.split('\n') : [];
}

const deployedOnly = {
  managedBy: 'CDK',
  tags: { 'agentcore:created-by': 'agentcore-cli' },
  memories: [{ name: 'Notes', eventExpiryDuration: 30, strategies: [{ type: 'SEMANTIC' }] }],
  credentials: [{ authorizerType: 'ApiKeyCredentialProvider', name: 'Key' }],
  evaluators: [{ name: 'Tone', level: 'TRACE', config: {} }],
  onlineEvalConfigs: [{ name: 'Live', agent: 'Helper', evaluators: ['Tone'], samplingRate: 5 }],
  agentCoreGateways: [{ name: 'tools', targets: [{ name: 'search', targetType: 'mcpServer' }] }],
  policyEngines: [{ name: 'Guard', policies: [] }],
  harnesses: [{ name: 'Desk', path: 'app/Desk' }],
};

test.for([
  [1, { mcpRuntimeTools: [{ name: 'Old' }], datasets: [{ name: 'Questions' }] }],
  [2, { toolRuntimes: [{ name: 'New' }] }],
] as const)('A file of version %i with every kind of resource is read.', async ([version, own]) => {
  const root = await useProject({ ...project, ...deployedOnly, version, ...own });
  const { name, agents, memories, warnings } = await readProject(root);
  expect({ name, warnings }).toEqual({ name: 'Demo', warnings: [] });
  expect(agents.map((agent) => agent.name)).toEqual(['Helper']);
  expect(memories.map((memory) => memory.name)).toEqual(['Notes']);
});

test('A file without a version is read as version 1.', async () => {
  const { warnings } = await readProject(await useProject({ ...project, datasets: [] }));
  expect(warnings).toEqual([]);
});

test('An unknown version is the only error, whatever else the file has.', async () => {
  expect(await readErrors('{\n  "version": 3,\n  "runtimes": "none"\n}')).toEqual([
    `${FILE}:2:14: version: 3 is not supported. Use version 1 or 2.`,
  ]);
});

test.for([null, '1', 1.5])('The version %j is not supported.', async (version) => {
  expect(await readErrors({ version, ...project })).toEqual([
    `${FILE}:1:12: version: ${JSON.stringify(version)} is not supported. Use version 1 or 2.`,
  ]);
});

test('A section of another version is reported and has no effect.', async () => {
  const file = { ...project, version: 2, mcpRuntimeTools: [], Memories: [] };
  const { warnings } = await readProject(await useProject(file));
  expect(warnings).toEqual([
    'Unknown field mcpRuntimeTools has no effect.',
    'Unknown field Memories has no effect. Did you mean memories?',
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
      'memories[1].eventExpiryDuration: 2 is not valid. Use a whole number of days from 3 to 365.',
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
