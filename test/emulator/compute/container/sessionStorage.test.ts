import { realpath, stat } from 'node:fs/promises';
import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { useFolder } from '../../../support/agents.ts';
import { nodeDockerfile, useContainerAgent, useVolumes } from '../../../support/containers.ts';
import { sessionId, useEmulator, type TestEmulator } from '../../../support/emulator.ts';
import { plainPythonAgent } from '../../../support/python.ts';
import { pythonStorage, storageAgent } from '../../../support/storageAgent.ts';

const DAY = 24 * 60 * 60;

const mounts = ['/mnt/data'];
const note = { write: { '/mnt/data/note': 'remember me' } };

/**
 * Like the official templates, runs the agent without root. The image's own files at the mount are hidden.
 */
const asUser = {
  node: `${nodeDockerfile}\nRUN mkdir /mnt/data && touch /mnt/data/of-the-image\nUSER node\n`,
  python: `FROM python:3.11-slim
RUN useradd -m -u 1000 agent && mkdir /mnt/data && touch /mnt/data/of-the-image
COPY main.py /app/main.py
USER agent
CMD ["python", "/app/main.py"]
`,
};

const ask = ({ invoke }: TestEmulator, name: string, payload: object = {}) =>
  invoke({ runtimeSessionId: sessionId(name), payload: JSON.stringify(payload) });

const end = ({ client, agent }: TestEmulator, name: string) =>
  client().send(
    new StopRuntimeSessionCommand({
      agentRuntimeArn: agent.arn,
      runtimeSessionId: sessionId(name),
    }),
  );

test.each([
  ['Node', { 'main.mjs': storageAgent, Dockerfile: asUser.node }],
  [
    'Python',
    {
      'main.py': plainPythonAgent(pythonStorage.answer, pythonStorage.before),
      Dockerfile: asUser.python,
    },
  ],
])(
  'A session of %s in a container keeps its storage without root, and no other session sees it.',
  async (_, files) => {
    const { source } = await useContainerAgent(files, { mounts });
    const emulator = await useEmulator({ agents: [source] });
    expect(await ask(emulator, 'a')).toEqual({ '/mnt/data': {} });
    await ask(emulator, 'a', note);
    await end(emulator, 'a');
    expect(await ask(emulator, 'b')).toEqual({ '/mnt/data': {} });
    expect(await ask(emulator, 'a')).toEqual({ '/mnt/data': { note: 'remember me' } });
  },
);

test('Two mounts are two volumes, which an ephemeral emulator removes.', async () => {
  const volumes = useVolumes(`pid=${process.pid}`);
  const { source } = await useContainerAgent(
    { 'main.mjs': storageAgent },
    { mounts: ['/mnt/data', '/mnt/work'] },
  );
  const emulator = await useEmulator({ agents: [source] });
  const look = ['/mnt/data', '/mnt/work'];
  const write = { '/mnt/data/one': '1', '/mnt/work/two': '2' };
  const stored = { '/mnt/data': { one: '1' }, '/mnt/work': { two: '2' } };
  expect(await ask(emulator, 'a', { look, write })).toEqual(stored);
  await end(emulator, 'a');
  expect(await ask(emulator, 'a', { look })).toEqual(stored);
  expect(await volumes()).toHaveLength(2);
  await emulator.close();
  expect(await volumes()).toEqual([]);
});

test('Volumes outlive the emulator with its data folder and are removed after 14 days.', async () => {
  const dataFolder = await useFolder();
  const place = await realpath(dataFolder);
  const { ino, birthtimeMs } = await stat(place);
  const volumes = useVolumes(`data=${place} ${ino} ${birthtimeMs}`);
  const { source } = await useContainerAgent({ 'main.mjs': storageAgent }, { mounts });
  const first = await useEmulator({ agents: [source], dataFolder });
  await ask(first, 'a', note);
  await first.close();
  const second = await useEmulator({ agents: [source], dataFolder });
  expect(await ask(second, 'a')).toEqual({ '/mnt/data': { note: 'remember me' } });
  await end(second, 'a');
  await second.admin('/clock', { advanceSeconds: 13 * DAY });
  expect(await volumes()).toHaveLength(1);
  await second.admin('/clock', { advanceSeconds: DAY });
  expect(await volumes()).toEqual([]);
  expect(await ask(second, 'a')).toEqual({ '/mnt/data': {} });
});
