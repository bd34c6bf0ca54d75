import { expect, test } from 'vitest';
import { serverAgent, useAgent } from '../../../support/agents.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';

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

test('a ping that hangs is given up, and says so', async () => {
  const hanging = serverAgent(
    `if (url === '/ping' && turns > 0) return;
     if (url === '/invocations') return json(response, { turns: (turns += 1) });`,
    'let turns = 0;',
  );
  const { url, invoke } = await useEmulator({ agents: [await useAgent(hanging)] });
  await invoke({ runtimeSessionId: sessionId('a') });
  const answer = await fetch(`${url}/ping`);
  expect(answer.status).toBe(424);
  expect(await answer.text()).toMatch(/\/ping failed: .*(?:timeout|aborted)/);
});

test('by a session’s own address there is no /ping, which is another session’s', async () => {
  const asking = serverAgent(
    `if (url === '/invocations') {
       const { status } = await fetch(process.env.AWS_ENDPOINT_URL_BEDROCK_AGENTCORE + '/ping');
       return json(response, { status });
     }`,
  );
  const { invoke } = await useEmulator({ agents: [await useAgent(asking)] });
  expect(await invoke({ runtimeSessionId: sessionId('a') })).toEqual({ status: 404 });
});
