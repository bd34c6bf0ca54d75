import {
  InvokeAgentRuntimeCommand,
  StopRuntimeSessionCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import type { LogLine } from '../../../../src/shared/session.ts';
import { echoAgent, serverAgent } from '../../../support/agents.ts';
import { connectEngine, useContainerAgent } from '../../../support/containers.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';

test('An agent in a container responds to the SDK and streams chunk by chunk.', async () => {
  const { source } = await useContainerAgent({
    'main.mjs': serverAgent(
      `if (url === '/invocations') {
         response.writeHead(200, { 'content-type': 'text/event-stream' });
         response.write('data: one\\n\\n');
         await resume.promise;
         response.end('data: two\\n\\n');
       }
       if (url === '/ping') resume.resolve();`,
      'const resume = Promise.withResolvers(); let pings = 0;',
    ).replace('resume.resolve()', '{ pings += 1; if (pings > 2) resume.resolve(); }'),
  });
  const { client, agent } = await useEmulator({ agents: [source], pingInterval: 0.2 });
  const { response, contentType } = await client().send(
    new InvokeAgentRuntimeCommand({ agentRuntimeArn: agent.arn, payload: '{}' }),
  );
  expect(contentType).toBe('text/event-stream');
  const chunks: string[] = [];
  for await (const chunk of response as unknown as AsyncIterable<Uint8Array>) {
    chunks.push(Buffer.from(chunk).toString());
  }
  expect(chunks).toEqual(['data: one\n\n', 'data: two\n\n']);
});

test('Each session has its own container with AWS’s size and no extra privileges.', async () => {
  const { source, containers } = await useContainerAgent({ 'main.mjs': echoAgent });
  const { invoke, sessions } = await useEmulator({ agents: [source] });
  const [a, b] = [sessionId('a'), sessionId('b')];
  await Promise.all([invoke({ runtimeSessionId: a }), invoke({ runtimeSessionId: b })]);
  expect(await invoke({ runtimeSessionId: a })).toMatchObject({ turns: 2 });
  expect(await invoke({ runtimeSessionId: b })).toMatchObject({ turns: 2 });

  const found = await containers();
  expect(found).toHaveLength(2);
  for (const { compute } of await sessions()) {
    expect(compute).toMatchObject({ kind: 'container', port: expect.any(Number) });
    const { HostConfig, Config } = await connectEngine()
      .getContainer((compute as { containerId: string }).containerId)
      .inspect();
    expect(HostConfig).toMatchObject({
      Memory: 8 * 1024 ** 3,
      SecurityOpt: ['no-new-privileges'],
      Privileged: false,
    });
    expect(HostConfig.NanoCpus).toBeLessThanOrEqual(2e9);
    expect(Config.Labels).toMatchObject({
      'agentcore-workbench.host': expect.stringContaining(hostname()),
      'agentcore-workbench.pid': String(process.pid),
    });
  }
});

test("A session cannot see another session's files and variables or reach its port.", async () => {
  const { source, containers } = await useContainerAgent({
    'main.mjs': serverAgent(
      `if (url === '/invocations') {
         const { write, call } = JSON.parse(body);
         if (write) {
           globalThis.mark = process.env.MARK = write;
           for (const path of places) writeFileSync(path, write);
         }
         const reached = call && await fetch('http://' + call + ':8080/ping', { signal: AbortSignal.timeout(1000) })
           .then(() => true, () => false);
         const seen = [globalThis.mark, process.env.MARK, ...places.filter((path) => existsSync(path))];
         return json(response, { seen: seen.filter(Boolean).length, reached });
       }`,
      `import { existsSync, writeFileSync } from 'node:fs';
       import { homedir, tmpdir } from 'node:os';
       const places = ['./mark', homedir() + '/mark', tmpdir() + '/mark', '/var/tmp/mark'];`,
    ),
  });
  const { invoke } = await useEmulator({ agents: [source] });
  const ask = (name: string, payload: object) =>
    invoke({ runtimeSessionId: sessionId(name), payload: JSON.stringify(payload) });
  expect(await ask('a', { write: 'x' })).toMatchObject({ seen: 6 });
  const [first] = await containers();
  const [network] = Object.values(first!.NetworkSettings.Networks);
  const call = network!.IPAddress;
  // The agent listens at that address, since it reaches itself there.
  expect(await ask('a', { call })).toEqual({ seen: 6, reached: true });
  expect(await ask('b', { call })).toEqual({ seen: 0, reached: false });
});

test('A stop removes the container, and the same ID starts a new one.', async () => {
  const { source, containers } = await useContainerAgent({ 'main.mjs': echoAgent });
  const { invoke, client, agent, sessions } = await useEmulator({ agents: [source] });
  const id = { runtimeSessionId: sessionId('a') };
  expect(await invoke(id)).toMatchObject({ turns: 1 });
  await client().send(new StopRuntimeSessionCommand({ agentRuntimeArn: agent.arn, ...id }));
  expect(await containers()).toEqual([]);
  expect((await sessions())[0]).toMatchObject({ state: 'terminated', reason: 'stopped' });
  expect(await invoke(id)).toMatchObject({ turns: 1 });
});

test('A closed emulator leaves no container and no network.', async () => {
  const { source, containers } = await useContainerAgent({ 'main.mjs': echoAgent });
  const { invoke, close } = await useEmulator({ agents: [source] });
  await Promise.all([invoke(), invoke()]);
  const [container] = await containers();
  const [network] = Object.values(container!.NetworkSettings.Networks);
  await close();
  expect(await containers()).toEqual([]);
  await expect(connectEngine().getNetwork(network!.NetworkID).inspect()).rejects.toThrow(/404/);
});

test('The agent’s output is in its session’s log by line and stream.', async () => {
  const { source } = await useContainerAgent({
    'main.mjs': serverAgent(
      '',
      `process.stdout.write('half a line, '); process.stdout.write('the other half\\n');
       console.error('naïve ✓');`,
    ),
  });
  const { invoke, admin, agent } = await useEmulator({ agents: [source] });
  const id = sessionId('a');
  await invoke({ runtimeSessionId: id });
  const { logs } = await admin<{ logs: LogLine[] }>(`/sessions/${agent.runtimeId}/${id}/logs`);
  const lines = logs.map(({ stream, text }) => `${stream}: ${text}`);
  expect(lines).toContain('stdout: half a line, the other half');
  expect(lines).toContain('stderr: naïve ✓');
  expect(lines.filter((line) => line.startsWith('build: ')).join('\n')).toMatch(
    /Step 2\/3 ?: COPY main\.mjs|\[2\/2\] COPY main\.mjs/i,
  );
});

test('A container has its agent’s variables and the emulator’s endpoints, and only listed host variables.', async () => {
  process.env['SECRET_OF_THE_HOST'] = 'leak';
  process.env['AWS_ENDPOINT_URL'] = 'http://elsewhere';
  const { source } = await useContainerAgent(
    {
      'main.mjs': serverAgent(`if (url === '/invocations') return json(response, process.env);`),
    },
    { environment: { COLOUR: 'green' } },
  );
  const { invoke } = await useEmulator({ agents: [source], region: 'eu-west-1' });
  const environment = await invoke();
  delete process.env['SECRET_OF_THE_HOST'];
  delete process.env['AWS_ENDPOINT_URL'];
  expect(environment).toMatchObject({
    COLOUR: 'green',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_BEDROCK_AGENTCORE: expect.stringMatching(
      /^http:\/\/host\.docker\.internal:\d+\/@[\w-]{24}$/,
    ),
  });
  expect(Object.keys(environment)).not.toContain('SECRET_OF_THE_HOST');
  expect(Object.keys(environment)).not.toContain('AWS_ENDPOINT_URL');
});
