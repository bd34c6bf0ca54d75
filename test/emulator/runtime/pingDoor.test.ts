import { expect, test } from 'vitest';
import { serverAgent, useAgent } from '../../support/agents.ts';
import { sessionId, useEmulator } from '../../support/emulator.ts';

const SESSION = 'x-amzn-bedrock-agentcore-runtime-session-id';

/** Its ping tells by how many invocations it comes. */
const counting = serverAgent(
  `if (url === '/ping') return json(response, { status: 'Healthy', turns });
   turns += 1;
   return json(response, { turns });`,
  'let turns = 0;',
);

test('GET /ping asks the default agent’s newest session, or the one that is named', async () => {
  const { url, invoke, sessions } = await useEmulator({ agents: [await useAgent(counting)] });
  await invoke({ runtimeSessionId: sessionId('a') });
  await invoke({ runtimeSessionId: sessionId('a') });
  await invoke({ runtimeSessionId: sessionId('b') });
  const ping = async (headers = {}) => (await fetch(`${url}/ping`, { headers })).json();
  expect(await ping()).toEqual({ status: 'Healthy', turns: 1 });
  expect(await ping({ [SESSION]: sessionId('a') })).toEqual({ status: 'Healthy', turns: 2 });
  expect(await sessions()).toMatchObject([{ state: 'idle' }, { state: 'idle' }]);
});

test('GET /ping starts no session, and says what does', async () => {
  const { url, sessions } = await useEmulator({ agents: [await useAgent(counting)] });
  const answer = await fetch(`${url}/ping`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toMatch(/No session of .* lives.*POST \/invocations starts one/);
  expect(await sessions()).toEqual([]);
  const none = await useEmulator({ agents: [] });
  expect((await fetch(`${none.url}/ping`)).status).toBe(404);
});
