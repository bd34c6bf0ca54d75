import { BedrockAgentCoreClient, CreateEventCommand } from '@aws-sdk/client-bedrock-agentcore';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DATA_FOLDER, READY_FILE } from '../../src/shared/emulator.ts';
import { serverAgent } from '../support/agents.ts';
import { useCommand } from '../support/command.ts';
import { readModes, listOpenToOthers } from '../support/fileModes.ts';
import { project, useProject } from '../support/project.ts';
import { sdkSettings } from '../support/sdk.ts';

const memories = [{ name: 'Notes', eventExpiryDuration: 30 }];

/** Runs a program in its code folder and writes a file to every folder that it may write to. */
const writingAgent = serverAgent(
  `if (url === '/invocations') {
     for (const folder of ['.', process.env.HOME, process.env.TMPDIR, '/mnt/notes']) {
       writeFileSync(folder + '/written.txt', 'by the agent');
     }
     return json(response, { ran: execFileSync('./run.sh').toString() });
   }`,
  `import { execFileSync } from 'node:child_process';
   import { writeFileSync } from 'node:fs';`,
);

const filesystemConfigurations = [{ sessionStorage: { mountPath: '/mnt/notes' } }];

test('other users of the machine cannot read the files of a session, its storage or its memory', async () => {
  const runtimes = [{ ...project.runtimes[0], filesystemConfigurations }];
  const root = await useProject({ ...project, runtimes, memories }, writingAgent);
  await writeFile(join(root, 'app', 'run.sh'), '#!/bin/sh\necho ran\n');
  await chmod(join(root, 'app', 'run.sh'), 0o755);
  const running = useCommand([root, '--port=0']);
  const { url } = await running.ready();
  const answer = await fetch(`${url}/invocations`, { method: 'POST', body: '{}' });
  expect(await answer.json()).toEqual({ ran: 'ran\n' });
  const client = new BedrockAgentCoreClient(sdkSettings(url));
  onTestFinished(() => client.destroy());
  const listed = await fetch(`${url}/memories/`, { method: 'POST', body: '{}' });
  const found = (await listed.json()) as { memories: { id: string }[] };
  await client.send(
    new CreateEventCommand({
      memoryId: found.memories[0]!.id,
      actorId: 'ana',
      sessionId: 'one',
      eventTimestamp: new Date(),
      payload: [{ conversational: { role: 'USER', content: { text: 'a secret' } } }],
    }),
  );
  const folder = join(root, DATA_FOLDER);
  expect(await listOpenToOthers(folder)).toEqual([]);
  const modes = await readModes(folder);
  expect(modes).toMatchObject({ '.': '700', 'memory.db-wal': '600', [READY_FILE]: '600' });
  const paths = Object.keys(modes);
  expect(paths.filter((path) => path.endsWith('written.txt'))).toHaveLength(4);
  expect(paths.filter((path) => path.endsWith('.sh')).map((path) => modes[path])).toEqual(['700']);
});
