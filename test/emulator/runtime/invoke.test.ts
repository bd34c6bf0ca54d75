import { expect, test } from 'vitest';
import { echoAgent, useAgent } from '../../support/agents.ts';
import { sessionId, useEmulator } from '../../support/emulator.ts';

test('the same session id reaches the same process, another id another', async () => {
  const { invoke } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const first = await invoke({ runtimeSessionId: sessionId('a') });
  const again = await invoke({ runtimeSessionId: sessionId('a') });
  const other = await invoke({ runtimeSessionId: sessionId('b') });
  expect(again).toMatchObject({ pid: first['pid'], turns: 2 });
  expect(other).toMatchObject({ turns: 1 });
  expect(other['pid']).not.toBe(first['pid']);
});
