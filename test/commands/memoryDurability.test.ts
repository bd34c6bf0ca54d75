import {
  BedrockAgentCoreClient,
  CreateEventCommand,
  paginateListEvents,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runCommand, useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';
import { sdkSettings } from '../support/sdk.ts';

vi.setConfig({ testTimeout: 120_000 });

const memories = [
  { name: 'Notes', eventExpiryDuration: 30, strategies: [{ type: 'SEMANTIC' }], tags: { a: 'b' } },
];

const here = { actorId: 'ana', sessionId: 'one' };

/** A running emulator of a project with a memory. */
async function useNotes(root: string) {
  const running = useCommand([root, '--port=0']);
  const { url } = await running.ready();
  const client = new BedrockAgentCoreClient(sdkSettings(url));
  onTestFinished(() => client.destroy());
  const answer = await fetch(`${url}/memories/`, { method: 'POST', body: '{}' });
  const found = (await answer.json()) as { memories: { id: string }[] };
  return { running, client, memoryId: found.memories[0]!.id };
}

test('no acknowledged event is lost when the emulator is killed repeatedly', async () => {
  const root = await useProject({ ...project, memories });
  const acknowledged = new Set<string>();
  const missing = async ({ client, memoryId }: Awaited<ReturnType<typeof useNotes>>) => {
    const kept = new Set<string>();
    for await (const { events = [] } of paginateListEvents({ client }, { memoryId, ...here })) {
      for (const { eventId } of events) kept.add(eventId!);
    }
    return [...acknowledged].filter((id) => !kept.has(id));
  };
  for (let kills = 0; kills < 6; kills += 1) {
    const notes = await useNotes(root);
    expect(await missing(notes)).toEqual([]);
    const before = acknowledged.size;
    const write = async () => {
      for (;;) {
        const { event } = await notes.client.send(
          new CreateEventCommand({
            memoryId: notes.memoryId,
            ...here,
            eventTimestamp: new Date(),
            payload: [{ blob: acknowledged.size }],
          }),
        );
        acknowledged.add(event!.eventId!);
        // Kills the emulator at a random moment of the following writes.
        if (acknowledged.size === before + 20) {
          setTimeout(() => notes.running.process.kill('SIGKILL'), Math.random() * 50);
        }
      }
    };
    // The writes fail once the emulator has been killed.
    await Promise.allSettled(Array.from({ length: 4 }, write));
    await notes.running.exited;
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(120);
  expect(await missing(await useNotes(root))).toEqual([]);
});

const invalid = [
  [
    [{ name: 'Notes', eventExpiryDuration: 1 }],
    /memories\[0\]\.eventExpiryDuration: 1 is not valid. Use a whole/,
  ],
  [
    [{ name: '1st', eventExpiryDuration: 7 }],
    /memories\[0\]\.name: "1st" is not valid. Use a name that starts with a letter/,
  ],
  [
    [...memories, { ...memories[0], name: 'NOTES' }],
    /memories\[1\]\.name: "NOTES" is also the name of memories\[0\]/,
  ],
] as const;

test.for(invalid)('a project with the memories %j is refused', async ([entries, message]) => {
  const root = await useProject({ ...project, memories: entries });
  const { code, stderr } = await runCommand([root, '--port=0', '--ephemeral']);
  expect(stderr).toMatch(message);
  expect(code).toBe(1);
});
