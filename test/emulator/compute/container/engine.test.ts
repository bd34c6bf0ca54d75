import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test, vi } from 'vitest';
import { echoAgent, serverAgent, useFolder } from '../../../support/agents.ts';
import { connectEngine, useContainerAgent } from '../../../support/containers.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';
import { useEngineProxy } from '../../../support/engineProxy.ts';
import { eventually } from '../../../support/eventually.ts';

vi.setConfig({ testTimeout: 120_000 });

const id = { runtimeSessionId: sessionId('a') };
interface Health {
  compute: { process: string; container: string };
}

test('Without an engine a session fails with a reason, and once there is one it starts.', async () => {
  const proxy = await useEngineProxy();
  const { source } = await useContainerAgent({ 'main.mjs': echoAgent });
  const { invoke, admin } = await useEmulator({ agents: [source] });
  await expect(invoke(id)).rejects.toThrow(
    /it needs a container engine, and DOCKER_HOST=unix:.*engine\.sock does not respond/,
  );
  const withoutEngine = await admin<Health>('/health');
  expect(withoutEngine.compute).toMatchObject({
    process: 'available',
    container: expect.stringMatching(/engine\.sock does not respond\. Is the engine running/),
  });
  await proxy.comeBack();
  expect((await admin<Health>('/health')).compute.container).toBe('available');
  expect(await invoke(id)).toMatchObject({ turns: 1 });
});

test('Forcing containers without an engine fails at startup.', async () => {
  await useEngineProxy();
  const { source } = await useContainerAgent({ 'main.mjs': echoAgent });
  await expect(useEmulator({ agents: [source], compute: 'container' })).rejects.toThrow(
    /compute: container: DOCKER_HOST=.* does not respond/,
  );
});

test('A stopped engine ends its sessions. When it returns, the next one starts and the old one is removed.', async () => {
  const proxy = await useEngineProxy();
  await proxy.comeBack();
  const { source, containers } = await useContainerAgent({
    'main.mjs': serverAgent(
      `if (url === '/invocations') {
         if (!String(body).includes('hang')) return json(response, {});
         console.log('it hangs');
         await sleep(1e6);
       }`,
    ),
  });
  const { invoke, sessions, timeline, log } = await useEmulator({ agents: [source] });
  await invoke(id);
  const [before] = await containers();
  const hanging = invoke({ ...id, payload: '{"hang":true}' }).catch((error: unknown) => error);
  await eventually(() => expect(log.join('\n')).toMatch(/\| it hangs/));
  await proxy.goAway();
  await eventually(async () =>
    expect((await sessions())[0]).toMatchObject({ state: 'terminated', reason: 'crashed' }),
  );
  expect(await hanging).toMatchObject({ name: 'RuntimeClientError' });
  expect(JSON.stringify(await timeline(id.runtimeSessionId))).toMatch(
    /the container engine is not available/,
  );
  await expect(invoke(id)).rejects.toThrow(/it needs a container engine/);

  await proxy.comeBack();
  await invoke(id);
  await eventually(async () => expect(await containers()).toHaveLength(1));
  expect((await containers())[0]!.Id).not.toBe(before!.Id);
});

test.each([
  ['the start', /^POST \S*\/start/],
  ['the making', /^POST \S*\/containers\/create/],
])(
  'A container whose %s response was lost is removed when the emulator closes.',
  async (_, call) => {
    const proxy = await useEngineProxy();
    await proxy.comeBack();
    const { source, containers } = await useContainerAgent({ 'main.mjs': echoAgent });
    const { invoke, close } = await useEmulator({ agents: [source] });
    const lost = proxy.loseAnswer(call);
    const failing = invoke(id).catch((error: unknown) => error);
    await lost;
    expect(await failing).toMatchObject({ name: 'RuntimeClientError' });
    expect(await containers()).toHaveLength(1);
    await proxy.comeBack();
    await close();
    expect(await containers()).toEqual([]);
  },
);

test('Health responds immediately even if the engine hangs.', async () => {
  const proxy = await useEngineProxy();
  await proxy.comeBack();
  const { source } = await useContainerAgent({ 'main.mjs': echoAgent });
  const { admin } = await useEmulator({ agents: [source] });
  proxy.hang();
  expect((await admin<Health>('/health')).compute.container).toMatch(/did not respond within 1 s/);
});

test('Health reports the engine that sessions run on, even if another was chosen since.', async () => {
  const chosen = await useEngineProxy();
  await chosen.comeBack();
  const { source } = await useContainerAgent({ 'main.mjs': echoAgent });
  const { admin, invoke } = await useEmulator({ agents: [source] });
  await invoke(id);
  await useEngineProxy();
  expect((await admin<Health>('/health')).compute.container).toBe('available');
  expect(await invoke({ runtimeSessionId: sessionId('b') })).toMatchObject({ turns: 1 });
  await chosen.goAway();
  expect((await admin<Health>('/health')).compute.container).toMatch(/does not respond/);
});

test('An emulator that closes while it connects to the engine creates no network.', async () => {
  const proxy = await useEngineProxy();
  const { source } = await useContainerAgent({ 'main.mjs': echoAgent });
  const dataFolder = await useFolder();
  const first = await useEmulator({ agents: [source], dataFolder });
  await proxy.comeBack();
  proxy.hang();
  const called = proxy.called();
  const failing = first.invoke(id).catch((error: unknown) => error);
  await called;
  await first.close();
  proxy.goOn();
  expect(await failing).toBeInstanceOf(Error);
  // The next step takes longer than creating a network.
  const second = await useEmulator({ agents: [source] });
  await second.invoke(id);
  const networks = await connectEngine().listNetworks();
  expect(networks.filter(({ Labels }) => JSON.stringify(Labels).includes(dataFolder))).toEqual([]);
});

test.each([
  ['classic builder', '0'],
  ['BuildKit', '1'],
])('An engine that stops while its %s builds fails the build.', async (_, buildKit) => {
  vi.stubEnv('DOCKER_BUILDKIT', buildKit);
  const proxy = await useEngineProxy();
  await proxy.comeBack();
  const { source } = await useContainerAgent({
    Dockerfile: `FROM node:24-slim\nRUN echo ${randomUUID()}, it builds && sleep 100\n`,
  });
  const { invoke, log } = await useEmulator({ agents: [source] });
  const failing = invoke(id).catch((error: unknown) => error);
  await eventually(() => expect(log.join('\n')).toMatch(/\| [\w-]+, it builds/));
  await proxy.goAway();
  expect(await failing).toMatchObject({
    name: 'RuntimeClientError',
    message: expect.stringMatching(
      /its image could not be built\. The connection to the engine was lost/,
    ),
  });
  await proxy.comeBack();
});

test('A removed container is a crashed session with a reason.', async () => {
  const { source, containers } = await useContainerAgent({ 'main.mjs': echoAgent });
  const { invoke, sessions, timeline } = await useEmulator({ agents: [source] });
  await invoke(id);
  const [container] = await containers();
  await connectEngine().getContainer(container!.Id).remove({ force: true });
  await eventually(async () => expect((await sessions())[0]).toMatchObject({ reason: 'crashed' }));
  expect(JSON.stringify(await timeline(id.runtimeSessionId))).toMatch(
    /its container was removed|exit code 137/,
  );
});

test('A closing emulator aborts a build.', async () => {
  const { source, containers } = await useContainerAgent({
    Dockerfile: 'FROM node:24-slim\nRUN echo it builds && sleep 100\n',
  });
  const { invoke, close, log } = await useEmulator({ agents: [source] });
  const failing = invoke(id).catch((error: unknown) => error);
  await eventually(() => expect(log.join('\n')).toMatch(/\| it builds/));
  await close();
  expect(await failing).toBeInstanceOf(Error);
  expect(await containers()).toEqual([]);
});

test('DOCKER_BUILDKIT selects BuildKit, with the same progress and errors.', async () => {
  vi.stubEnv('DOCKER_BUILDKIT', '1');
  onTestFinished(() => void vi.unstubAllEnvs());
  // A step of an earlier run would be taken from BuildKit's cache.
  const word = randomUUID();
  const { source, images } = await useContainerAgent({
    Dockerfile: `FROM node:24-slim
RUN --mount=type=cache,target=/cache echo a mount needs BuildKit, ${word}
COPY main.mjs /app/main.mjs
CMD ["node", "/app/main.mjs"]
`,
    'main.mjs': echoAgent,
  });
  const good = await useEmulator({ agents: [source] });
  expect(await good.invoke()).toMatchObject({ turns: 1 });
  expect(good.log.join('\n')).toMatch(/RUN --mount.*\n.*\| a mount needs BuildKit, /);
  expect(await images()).toHaveLength(1);

  const { source: failing } = await useContainerAgent({
    Dockerfile: 'FROM node:24-slim\nRUN echo out of cheese >&2; exit 3\n',
  });
  const bad = await useEmulator({ agents: [failing] });
  await expect(bad.invoke()).rejects.toThrow(
    /RUN echo out of cheese >&2; exit 3.*exit code: 3.*Its output:\nout of cheese/s,
  );
});
