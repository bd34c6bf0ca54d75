import { expect, test } from 'vitest';
import { readProject } from '../../../src/core/project/project.ts';
import { project, useProject } from '../../support/project.ts';
import { FILE, readErrors } from './readErrors.ts';

const [helper] = project.runtimes;

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

const misspelled = (version: number) =>
  JSON.stringify(
    {
      ...project,
      version,
      Memories: [],
      runtimes: [{ ...helper, envvars: [], lifecycleConfiguration: { maxLifeTime: 60 } }],
      secretThings: 1,
    },
    null,
    1,
  );

test('In version 2, unknown fields are errors with line, column and suggestion.', async () => {
  expect(await readErrors(misspelled(2))).toEqual([
    `${FILE}:10:20: runtimes[0].lifecycleConfiguration.maxLifeTime: Unknown field. Did you mean maxLifetime?`,
    `${FILE}:8:15: runtimes[0].envvars: Unknown field. Did you mean envVars?`,
    `${FILE}:15:14: Memories: Unknown field. Did you mean memories?`,
    `${FILE}:16:18: secretThings: Unknown field. Remove it.`,
  ]);
  expect(await readErrors({ ...project, version: 2, mcpRuntimeTools: [] })).toEqual([
    `${FILE}:1:122: mcpRuntimeTools: Unknown field. Remove it.`,
  ]);
});

test('In version 1, unknown fields are warnings.', async () => {
  const { warnings } = await readProject(await useProject(misspelled(1)));
  expect(warnings.toSorted()).toEqual([
    'Unknown field Memories has no effect. Did you mean memories?',
    'Unknown field runtimes[0].envvars has no effect. Did you mean envVars?',
    'Unknown field runtimes[0].lifecycleConfiguration.maxLifeTime has no effect. Did you mean maxLifetime?',
    'Unknown field secretThings has no effect.',
  ]);
});

test('An unknown field does not hide other problems of its object.', async () => {
  const file = { ...project, version: 2, runtimes: [{ ...helper, envvars: [], protocol: 'SOAP' }] };
  expect((await readErrors(file)).map((line) => line.replace(/^.*?: /, ''))).toEqual([
    'runtimes[0].envvars: Unknown field. Did you mean envVars?',
    'runtimes[0].protocol: "SOAP" is not valid. Use one of "HTTP", "MCP", "A2A", "AGUI".',
  ]);
});
