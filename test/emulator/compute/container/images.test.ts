import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore';
import { mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serverAgent, useFolder } from '../../../support/agents.ts';
import { nodeDockerfile, useContainerAgent } from '../../../support/containers.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';

/** Returns the files in /app and its environment. */
const lister = serverAgent(
  `if (url === '/invocations') return json(response, {
     files: readdirSync('/app', { recursive: true }).toSorted(), environment: process.env });`,
  `import { readdirSync } from 'node:fs';`,
);

const copyAll = nodeDockerfile.replace('COPY main.mjs /app/main.mjs', 'COPY . /app/');
const builds = (log: readonly string[]) =>
  log.filter((line) => line.includes('Building the image')).length;

test('An image is built once for concurrent sessions, and again only after changes.', async () => {
  const { source, images } = await useContainerAgent({ 'main.mjs': lister });
  const { invoke, log } = await useEmulator({ agents: [source], onChange: 'wait' });
  await Promise.all([invoke(), invoke()]);
  expect(await images()).toHaveLength(1);
  expect(builds(log)).toBe(1);
  expect(log.join('\n')).toMatch(/Waiting for another session that is building the same image/);

  await utimes(join(source.root, 'main.mjs'), new Date(), new Date(0));
  await invoke();
  expect(builds(log)).toBe(1);
  await writeFile(join(source.root, 'main.mjs'), `${lister}\n// changed`);
  await invoke();
  expect(builds(log)).toBe(2);
  expect(await images()).toHaveLength(2);
});

test('Two images of an agent are kept, and those in use.', async () => {
  const { source, images } = await useContainerAgent({ 'main.mjs': lister });
  const { invoke, client, agent } = await useEmulator({ agents: [source] });
  const tags = async () => (await images()).flatMap(({ RepoTags }) => RepoTags ?? []);
  const stop = (runtimeSessionId: string) =>
    client().send(new StopRuntimeSessionCommand({ agentRuntimeArn: agent.arn, runtimeSessionId }));
  async function changeAndRun(name: string): Promise<void> {
    await writeFile(join(source.root, 'main.mjs'), `${lister}\n// ${name}`);
    await invoke({ runtimeSessionId: sessionId(name) });
    await stop(sessionId(name));
  }
  await invoke({ runtimeSessionId: sessionId('first') });
  const [inUse] = await tags();
  for (const name of ['second', 'third', 'fourth']) await changeAndRun(name);
  await eventually(async () => {
    expect(await tags()).toHaveLength(3);
    expect(await tags()).toContain(inUse);
  });
  await stop(sessionId('first'));
  await changeAndRun('fifth');
  await eventually(async () => expect(await tags()).toHaveLength(2));
});

test('.dockerignore excludes files from the image, except for its exceptions.', async () => {
  const { source } = await useContainerAgent({
    Dockerfile: copyAll,
    'main.mjs': lister,
    '.dockerignore': '*.md\nnotes\n!notes/kept.txt\nDockerfile\n# a comment\n',
    'README.md': '',
    'notes/secret.txt': '',
    'notes/kept.txt': '',
    '.agentcore/state.db': '',
  });
  const { invoke } = await useEmulator({ agents: [source] });
  const { files } = (await invoke()) as { files: string[] };
  expect(files).toEqual(expect.arrayContaining(['main.mjs', 'notes', 'notes/kept.txt']));
  for (const name of ['README.md', 'notes/secret.txt', '.agentcore']) {
    expect(files).not.toContain(name);
  }
});

test('Changes of ignored files do not trigger a build.', async () => {
  const { source } = await useContainerAgent({
    Dockerfile: copyAll,
    'main.mjs': lister,
    '.dockerignore': 'cache\n',
    'cache/old': '',
  });
  const { invoke, log } = await useEmulator({ agents: [source] });
  await invoke();
  await writeFile(join(source.root, 'cache', 'new'), '');
  await rm(join(source.root, 'cache', 'old'));
  await invoke();
  expect(builds(log)).toBe(1);
});

test('A linked build context is resolved.', async () => {
  const { source } = await useContainerAgent({ Dockerfile: copyAll, 'main.mjs': lister });
  const context = join(await useFolder(), 'link');
  await symlink(source.root, context);
  const { invoke, log } = await useEmulator({
    agents: [{ ...source, image: { ...source.image!, context } }],
  });
  expect((await invoke()) as { files: string[] }).toMatchObject({
    files: expect.arrayContaining(['Dockerfile', 'main.mjs']),
  });
  await writeFile(join(source.root, 'more'), '');
  await invoke();
  expect(builds(log)).toBe(2);
});

test('A file whose name is not UTF-8 is not in the image, and a message says so.', async ({
  skip,
}) => {
  const { source } = await useContainerAgent({ Dockerfile: copyAll, 'main.mjs': lister });
  const folder = Buffer.from(join(source.root, 'data', '/'));
  await mkdir(folder);
  await writeFile(Buffer.concat([folder, Buffer.from([0x66, 0xfc, 0x72])]), '').catch(() =>
    skip('this file system takes no such name'),
  );
  await writeFile(join(source.root, 'data', 'für'), '');
  const { invoke, log } = await useEmulator({ agents: [source] });
  const { files } = (await invoke()) as { files: string[] };
  expect(files.filter((path) => path.startsWith('data'))).toEqual(['data', 'data/für']);
  expect(log.join('\n')).toMatch(/data\/f\uFFFDr is not in the image, because.*not UTF-8/);
});

test("The Dockerfile's path and build arguments come from agentcore.json.", async () => {
  const { source } = await useContainerAgent({
    'images/agent.dockerfile': copyAll.replace('COPY', 'ARG COLOUR\nENV COLOUR=$COLOUR\nCOPY'),
    'main.mjs': lister,
  });
  const image = {
    context: source.root,
    dockerfile: 'images/agent.dockerfile',
    buildArguments: { COLOUR: 'green' },
    leftOut: ['**/*.secret'],
  };
  await writeFile(join(source.root, 'my.secret'), '');
  const { invoke } = await useEmulator({ agents: [{ ...source, image }] });
  const { environment, files } = (await invoke()) as {
    environment: Record<string, string>;
    files: string[];
  };
  expect(environment['COLOUR']).toBe('green');
  expect(files).not.toContain('my.secret');
});
