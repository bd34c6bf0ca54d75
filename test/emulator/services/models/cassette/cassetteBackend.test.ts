import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCassetteBackend } from '../../../../../emulator/services/models/cassette/cassetteBackend.ts';
import type { ModelBackend } from '../../../../../emulator/services/models/modelBackend.ts';
import { collectReply } from '../../../../../emulator/services/models/modelEvent.ts';
import { useFolder } from '../../../../support/agents.ts';
import { toolUse, turn } from '../modelTurns.ts';
import { request } from '../offline/request.ts';

function contextOf(sessionId: string) {
  return { signal: new AbortController().signal, agent: 'writer', sessionId };
}

test('A replayed reply contains its own session ID, even if deltas split the ID.', async () => {
  const source: ModelBackend = {
    async *invoke(_, { sessionId }) {
      const id = sessionId!;
      const pieces = ['{"id":"', id.slice(0, 20), id.slice(20), '"}'];
      yield* turn(toolUse('call_1', 'close', ...pieces), { stopReason: 'toolUse' });
    },
    countTokens: async () => 1,
    embed: async () => ({ vectors: [], inputTokens: 0 }),
  };
  const file = join(await useFolder(), 'cassette.jsonl');
  const recorder = createCassetteBackend(file, (text) => text, { name: 'source', backend: source });
  const first = '1'.repeat(36);
  const second = '2'.repeat(36);
  await collectReply(recorder.invoke(request(['Close it']), contextOf(first)));
  const replayer = createCassetteBackend(file, (text) => text);
  const { content } = await collectReply(replayer.invoke(request(['Close it']), contextOf(second)));
  expect(content).toMatchObject([{ type: 'toolUse', input: { id: second } }]);
});
