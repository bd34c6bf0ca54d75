import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BedrockAgentCoreClient,
  CreateEventCommand,
  paginateListEvents,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test } from 'vitest';
import { runCommand, useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';
import { sdkSettings } from '../support/sdk.ts';

const memories = [
  { name: 'Notes', eventExpiryDuration: 30, strategies: [{ type: 'SEMANTIC' }], tags: { a: 'b' } },
];

const here = { actorId: 'ana', sessionId: 'one' };

/** A running emulator of a project, and its memory. */
async function useNotes(root: string) {
  const running = useCommand([root, '--port=0']);
  const { url } = await running.ready();
  const client = new BedrockAgentCoreClient(sdkSettings(url));
  onTestFinished(() => client.destroy());
  const answer = await fetch(`${url}/memories/`, { method: 'POST', body: '{}' });
  const found = (await answer.json()) as { memories: { id: string }[] };
  return { running, client, memoryId: found.memories[0]!.id };
}

test('of an emulator that is killed while events come in, none that it acknowledged is lost', async () => {
  const root = await useProject({ ...project, memories });
  const first = await useNotes(root);
  const acknowledged = new Set<string>();
  const write = async () => {
    for (let number = 0; ; number += 1) {
      const { event } = await first.client.send(
        new CreateEventCommand({
          memoryId: first.memoryId,
          ...here,
          eventTimestamp: new Date(),
          payload: [{ blob: number }],
        }),
      );
      acknowledged.add(event!.eventId!);
      if (acknowledged.size === 200) first.running.process.kill('SIGKILL');
    }
  };
  // They end with the emulator.
  await Promise.allSettled(Array.from({ length: 4 }, write));
  await first.running.exited;

  const second = await useNotes(root);
  expect(second.memoryId).toBe(first.memoryId);
  const kept = new Set<string>();
  const pages = paginateListEvents(
    { client: second.client },
    { memoryId: second.memoryId, ...here },
  );
  for await (const { events = [] } of pages) {
    for (const { eventId } of events) kept.add(eventId!);
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(200);
  expect([...acknowledged].filter((id) => !kept.has(id))).toEqual([]);
});

const wrong = [
  [[{ name: 'Notes', eventExpiryDuration: 1 }], /memories\.0\.eventExpiryDuration is 1: a whole/],
  [[{ name: '1st', eventExpiryDuration: 7 }], /memories\.0\.name is "1st": a letter, then/],
  [[...memories, { ...memories[0], name: 'NOTES' }], /memories is .*two memories have the same/],
] as const;

test.for(wrong)('a project whose memories are %j is refused', async ([entries, message]) => {
  const root = await useProject({ ...project, memories: entries });
  const { code, stderr } = await runCommand([root, '--port=0', '--ephemeral']);
  expect(stderr).toMatch(message);
  expect(code).toBe(1);
});

test('a memory whose file is no database stops the start, and the file is left as it is', async () => {
  const root = await useProject({ ...project, memories });
  const dataFolder = join(root, 'data');
  const started = useCommand([root, '--port=0', '--data', dataFolder]);
  await started.ready();
  started.process.kill('SIGTERM');
  await started.exited;
  await writeFile(join(dataFolder, 'memory.db'), 'not a database');
  const { code, stderr } = await runCommand([root, '--port=0', '--data', dataFolder]);
  expect(stderr).toMatch(/agentcore-emulator: cannot use .*memory\.db/);
  expect(code).toBe(1);
});
