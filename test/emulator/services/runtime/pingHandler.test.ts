import { expect, test } from 'vitest';
import { serverAgent, useAgent } from '../../../support/agents.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';

const SESSION = 'x-amzn-bedrock-agentcore-runtime-session-id';

/** An agent whose ping returns the number of its invocations. */
const counting = serverAgent(
  `if (url === '/ping') return json(response, { status: 'Healthy', turns });
   turns += 1;
   return json(response, { turns });`,
  'let turns = 0;',
);

test('GET /ping returns the ping of the default agent’s newest session, or of the named session', async () => {
  const { url, invoke, sessions } = await useEmulator({ agents: [await useAgent(counting)] });
  await invoke({ runtimeSessionId: sessionId('a') });
  await invoke({ runtimeSessionId: sessionId('a') });
  await invoke({ runtimeSessionId: sessionId('b') });
  const ping = async (headers = {}) => (await fetch(`${url}/ping`, { headers })).json();
  expect(await ping()).toEqual({ status: 'Healthy', turns: 1 });
  expect(await ping({ [SESSION]: sessionId('a') })).toEqual({ status: 'Healthy', turns: 2 });
  expect(await sessions()).toMatchObject([{ state: 'idle' }, { state: 'idle' }]);
});

test('GET /ping starts no session and reports how to start one', async () => {
  const { url, sessions } = await useEmulator({ agents: [await useAgent(counting)] });
  const answer = await fetch(`${url}/ping`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toMatch(/No running session of .*Start one with POST \/invocations/);
  expect(await sessions()).toEqual([]);
  const none = await useEmulator({ agents: [] });
  expect((await fetch(`${none.url}/ping`)).status).toBe(404);
});

test('A ping without a response times out with an error', async () => {
  const hanging = serverAgent(
    `if (url === '/ping' && turns > 0) return;
     if (url === '/invocations') return json(response, { turns: (turns += 1) });`,
    'let turns = 0;',
  );
  const { url, invoke } = await useEmulator({
    agents: [await useAgent(hanging)],
    pingTimeout: 1,
  });
  await invoke({ runtimeSessionId: sessionId('a') });
  const answer = await fetch(`${url}/ping`);
  expect(answer.status).toBe(424);
  expect(await answer.text()).toMatch(/\/ping failed: .*(?:timeout|aborted)/);
});

test('A session URL has no /ping', async () => {
  const pingingAgent = serverAgent(
    `if (url === '/invocations') {
       const { status } = await fetch(process.env.AWS_ENDPOINT_URL_BEDROCK_AGENTCORE + '/ping');
       return json(response, { status });
     }`,
  );
  const { invoke } = await useEmulator({ agents: [await useAgent(pingingAgent)] });
  expect(await invoke({ runtimeSessionId: sessionId('a') })).toEqual({ status: 404 });
});
