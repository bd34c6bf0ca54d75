import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { echoAgent, serverAgent } from '../../../support/agents.ts';
import { useContainerAgent } from '../../../support/containers.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';

test('A warm container is paused, resumes with its session and is removed with the emulator.', async () => {
  const { source, containers } = await useContainerAgent({ 'main.mjs': echoAgent });
  const { invoke, sessions, close } = await useEmulator({ agents: [source], warm: 1 });
  await eventually(async () => expect(await containers()).toMatchObject([{ State: 'paused' }]));
  const [waiting] = await containers();
  expect(await invoke()).toMatchObject({ turns: 1 });
  expect(await sessions()).toMatchObject([{ compute: { containerId: waiting!.Id } }]);
  await eventually(async () =>
    expect((await containers()).map(({ State }) => State).toSorted()).toEqual([
      'paused',
      'running',
    ]),
  );
  await close();
  expect(await containers()).toEqual([]);
});

test('An idle session restarts in a container of the changed code; a failed build is reported.', async () => {
  const saying = (word: string) =>
    serverAgent(`if (url === '/invocations') return json(response, { word: '${word}' });`);
  const { source } = await useContainerAgent({ 'main.mjs': saying('one') });
  const { invoke, log } = await useEmulator({ agents: [source] });
  const id = { runtimeSessionId: sessionId('a') };
  expect(await invoke(id)).toEqual({ word: 'one' });
  await writeFile(join(source.root, 'main.mjs'), saying('two'));
  await eventually(async () => expect(await invoke(id)).toEqual({ word: 'two' }));
  await writeFile(join(source.root, 'Dockerfile'), 'FROM node:24-slim\nRUN exit 7\n');
  await eventually(() =>
    expect(log.join('\n')).toMatch(
      /New sessions fail until you fix it\. its image could not be built.*exit 7/s,
    ),
  );
  expect(await invoke(id)).toEqual({ word: 'two' });
});
