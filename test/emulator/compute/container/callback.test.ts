import { request } from 'node:http';
import { expect, test } from 'vitest';
import { serverAgent } from '../../../support/agents.ts';
import { connectEngine, useContainerAgent } from '../../../support/containers.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';

/** Sends the requested calls from inside its container and returns their statuses. */
const caller = serverAgent(
  `if (url === '/invocations') {
    const endpoint = process.env.AWS_ENDPOINT_URL_BEDROCK_AGENTCORE;
    const { calls = [] } = JSON.parse(body);
    const statuses = await Promise.all(calls.map(({ path, outside }) => new Promise((resolve) => {
      const target = outside ? new URL(path, endpoint) : new URL(endpoint + path);
      send(target, { method: 'POST' }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).once('error', (error) => resolve(error.code)).end();
    })));
    return json(response, { endpoint, statuses });
  }`,
  `import { request as send } from 'node:http';`,
);

test('Calls through a session URL from a container are in that session’s timeline.', async () => {
  const { source } = await useContainerAgent({ 'main.mjs': caller });
  const { invoke, timeline } = await useEmulator({ agents: [source] });
  const id = sessionId('caller');
  const payload = JSON.stringify({ calls: [{ path: '/memories/' }] });
  const { statuses } = await invoke({ runtimeSessionId: id, payload });
  expect(statuses).toEqual([200]);
  expect(await timeline(id)).toContainEqual(
    expect.objectContaining({ type: 'call', operation: 'ListMemories', status: 200 }),
  );
});

test('The listener for containers admits only URLs of running sessions.', async () => {
  const { source, containers } = await useContainerAgent({ 'main.mjs': caller });
  const { invoke, agent } = await useEmulator({ agents: [source] });
  const id = sessionId('caller');
  const refused = [
    { outside: true, path: '/_emulator/health' },
    { outside: true, path: '/' },
    { outside: true, path: '/memories/' },
    { outside: true, path: `/runtimes/${agent.runtimeId}/invocations` },
    { outside: true, path: `/@${'x'.repeat(24)}/memories/` },
  ];
  const { endpoint, statuses } = (await invoke({
    runtimeSessionId: id,
    payload: JSON.stringify({ calls: [...refused, { path: '/_emulator/health' }] }),
  })) as unknown as { endpoint: string; statuses: number[] };
  // The last call uses a session URL, which has no admin API.
  expect(statuses).toEqual([...refused.map(() => 403), 404]);

  // The same listener from this machine, with the URL of an ended session.
  const { origin, port, pathname } = new URL(endpoint);
  expect(origin).toMatch(/^http:\/\/host\.docker\.internal:/);
  const [container] = await containers();
  const { HostConfig } = await connectEngine().getContainer(container!.Id).inspect();
  const gateway = HostConfig.ExtraHosts![0]!.replace('host.docker.internal:', '');
  const call = () => statusOf({ host: gateway, port, path: `${pathname}/memories/` });
  expect(await call()).toBe(200);
  await connectEngine().getContainer(container!.Id).kill();
  await eventually(async () => expect(await call()).toBe(403));
});

test('With an operator token, containers neither need it nor can use it.', async () => {
  const { source } = await useContainerAgent({ 'main.mjs': caller });
  const { invoke } = await useEmulator({ agents: [source], token: 'opensesame' });
  const calls = [{ path: '/memories/' }, { outside: true, path: '/@opensesame/_emulator/health' }];
  const { statuses } = await invoke({ payload: JSON.stringify({ calls }) });
  expect(statuses).toEqual([200, 403]);
});

function statusOf(options: { host: string; port: string; path: string }): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { host: 'host.docker.internal' };
    request({ ...options, method: 'POST', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .once('error', reject)
      .end();
  });
}
