import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BedrockAgentCoreClient,
  CreateEventCommand,
  ListEventsCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test } from 'vitest';
import { serverAgent, useFolder } from '../support/agents.ts';
import { runCommand, useCommand, type CommandProcess } from '../support/command.ts';
import { sessionId } from '../support/emulator.ts';
import { project, useProject } from '../support/project.ts';
import { sdkSettings } from '../support/sdk.ts';

const memories = [{ name: 'Notes', eventExpiryDuration: 30, strategies: [] }];
const here = { actorId: 'ana', sessionId: 'one' };

// Mounts are visible to the emulator and its agents only, and end with them.
const inNamespace = (script: string, folder: string) => {
  const [program = '', ...options] = 'unshare --user --map-root-user --mount sh -c'.split(' ');
  return [program, ...options, `${script} && exec "$@"`, folder];
};

async function useClient(running: CommandProcess) {
  const { url } = await running.ready();
  const client = new BedrockAgentCoreClient(sdkSettings(url));
  onTestFinished(() => client.destroy());
  const answer = await fetch(`${url}/memories/`, { method: 'POST', body: '{}' });
  const { memories: found } = (await answer.json()) as { memories: { id: string }[] };
  const memoryId = found[0]!.id;
  const ask = async (prompt: string) => {
    // A single session, started before the disk is full.
    const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': sessionId('one') };
    const options = { method: 'POST', headers, body: JSON.stringify({ prompt }) };
    return (await fetch(`${url}/invocations`, options)).json();
  };
  return {
    ask,
    write: (text: string) =>
      client.send(
        new CreateEventCommand({
          memoryId,
          ...here,
          eventTimestamp: new Date(),
          payload: [{ conversational: { role: 'USER', content: { text } } }],
        }),
      ),
    count: async () =>
      (await client.send(new ListEventsCommand({ memoryId, ...here, maxResults: 100 }))).events!
        .length,
  };
}

test('on a full disk, events are rejected completely while reads and agents work, until there is space again', async () => {
  const folder = await useFolder();
  const agent = serverAgent(
    `if (url === '/invocations') {
       const { prompt } = JSON.parse(body);
       if (prompt === 'make room') rmSync(process.env.BALLAST);
       return json(response, { prompt });
     }`,
    `import { rmSync } from 'node:fs';`,
  );
  const root = await useProject(
    {
      ...project,
      memories,
      runtimes: [
        {
          ...project.runtimes[0],
          envVars: [{ name: 'BALLAST', value: join(folder, 'ballast') }],
        },
      ],
    },
    agent,
  );
  const small = inNamespace(
    'mount -t tmpfs -o size=6m small "$0" && head -c 2000000 /dev/zero > "$0/ballast"',
    folder,
  );
  const running = useCommand([root, '--port=0', '--data', folder], {}, { by: small });
  const { ask, write, count } = await useClient(running);
  expect(await ask('hello')).toEqual({ prompt: 'hello' });
  let written = 0;
  const untilFull = async () => {
    for (; written < 90; written += 1) await write('x'.repeat(90_000));
  };
  await expect(untilFull()).rejects.toMatchObject({
    name: 'InternalServerException',
    message: expect.stringMatching(/No space is left for .*memory\.db/),
  });
  expect(written).toBeGreaterThan(0);
  await expect(write('x'.repeat(90_000))).rejects.toThrow(/No space is left/);
  expect(await count()).toBe(written);
  expect(await ask('make room')).toEqual({ prompt: 'make room' });
  await write('x'.repeat(90_000));
  expect(await count()).toBe(written + 1);
  expect(running.stderr().match(/No space is left/g)).toHaveLength(1);
  running.process.kill('SIGTERM');
  expect(await running.exited).toBe(0);
});

test('a read-only memory file can be read, and agents run', async () => {
  const folder = await useFolder();
  const root = await useProject(
    { ...project, memories },
    serverAgent(
      `if (url === '/invocations') return json(response, { memory: process.env.MEMORY_NOTES_ID });`,
    ),
  );
  const first = useCommand([root, '--port=0', '--data', folder]);
  await (await useClient(first)).write('kept');
  first.process.kill('SIGTERM');
  await first.exited;
  const readOnly = inNamespace(
    'mount --bind "$0/memory.db" "$0/memory.db" && mount -o remount,bind,ro "$0/memory.db"',
    folder,
  );
  const running = useCommand([root, '--port=0', '--data', folder], {}, { by: readOnly });
  const { ask, write, count } = await useClient(running);
  expect(await count()).toBe(1);
  await expect(write('more')).rejects.toMatchObject({
    name: 'InternalServerException',
    message: expect.stringMatching(/memory\.db is not writable: .*Make the file .* writable/),
  });
  expect(await ask('hello')).toEqual({ memory: expect.stringMatching(/^Demo_Notes-/) });
  running.process.kill('SIGTERM');
  expect(await running.exited).toBe(0);
});

test('a damaged memory file is reported without an emulator, too', async () => {
  const folder = await useFolder();
  await writeFile(join(folder, 'memory.db'), 'no database');
  for (const args of [['export'], ['import', join(folder, 'memory.db')]]) {
    const { code, stderr } = await runCommand([...args, '--data', folder]);
    expect(stderr).toMatch(/agentcore-emulator: .*memory\.db is damaged/);
    expect(code).toBe(1);
  }
});
