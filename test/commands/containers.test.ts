import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { echoAgent } from '../support/agents.ts';
import { runCommand, useCommand } from '../support/command.ts';
import {
  connectEngine,
  findEngineSocket,
  useContainerProject,
  type ContainerAgent,
} from '../support/containers.ts';
import { useEngineProxy } from '../support/engineProxy.ts';
import { eventually } from '../support/eventually.ts';
import { usePart } from '../support/parts.ts';

vi.setConfig({ testTimeout: 120_000 });

async function invoke(url: string): Promise<unknown> {
  const answer = await fetch(`${url}/invocations`, { method: 'POST', body: '{}' });
  return answer.json();
}

async function networks(agent: ContainerAgent): Promise<string[]> {
  const containers = await agent.containers();
  return containers.flatMap(({ NetworkSettings }) =>
    Object.values(NetworkSettings.Networks).map(({ NetworkID }) => NetworkID),
  );
}

test.each([[['--port', '0']], [['--port', '0', '--ephemeral']]])(
  'the next emulator removes the resources of a killed one (%j)',
  async (options) => {
    const agent = await useContainerProject(echoAgent);
    const unaffected = await useContainerProject(echoAgent);
    const other = useCommand([unaffected.source.root, ...options]);
    await invoke((await other.ready()).url);

    const first = useCommand([agent.source.root, ...options]);
    expect(await invoke((await first.ready()).url)).toMatchObject({ turns: 1 });
    first.process.kill('SIGKILL');
    await first.exited;
    const [left] = await agent.containers();
    expect(left).toMatchObject({ State: 'running' });
    const [network] = await networks(agent);

    // The emulator looks for leftovers without a request.
    const second = useCommand([agent.source.root, ...options]);
    await second.ready();
    await eventually(async () => expect(await agent.containers()).toEqual([]));
    await expect
      .poll(() => connectEngine().getNetwork(network!).inspect().catch(String), { timeout: 30_000 })
      .toMatch(/404/);
    // Containers of a running emulator are kept.
    expect(await unaffected.containers()).toMatchObject([{ State: 'running' }]);
  },
);

test('an emulator that cannot see another’s process, as in a container, keeps the other’s containers', async () => {
  const agent = await useContainerProject(echoAgent);
  const first = useCommand([agent.source.root, '--port', '0']);
  await invoke((await first.ready()).url);

  const other = await useContainerProject(echoAgent);
  const bubble = ['--die-with-parent', '--unshare-pid', '--dev-bind', '/', '/', '--proc', '/proc'];
  const by = [usePart('bubblewrap'), ...bubble];
  const second = useCommand([other.source.root, '--port', '0'], {}, { by });
  await invoke((await second.ready()).url);
  second.process.kill('SIGKILL');
  expect(await agent.containers()).toMatchObject([{ State: 'running' }]);
  await second.exited;

  // It recognizes its own containers by the data folder.
  await useCommand([other.source.root, '--port', '0']).ready();
  await eventually(async () => expect(await other.containers()).toEqual([]));
});

test('Ctrl-C ends every container', async () => {
  const agent = await useContainerProject(echoAgent);
  const running = useCommand([agent.source.root, '--port', '0', '--ephemeral']);
  const { url } = await running.ready();
  await Promise.all([invoke(url), invoke(url)]);
  expect(await agent.containers()).toHaveLength(2);
  running.process.kill('SIGINT');
  expect(await running.exited).toBe(0);
  expect(await agent.containers()).toEqual([]);
});

/** Starts an emulator with a session whose engine then hangs. */
async function useHangingEngine() {
  const proxy = await useEngineProxy();
  await proxy.comeBack();
  const agent = await useContainerProject(echoAgent);
  const running = useCommand([agent.source.root, '--port', '0']);
  await invoke((await running.ready()).url);
  proxy.hang();
  return { agent, running };
}

/** Expects that the next emulator, whose engine does not hang, removes an agent's containers. */
async function expectCleanUp(agent: ContainerAgent): Promise<void> {
  vi.unstubAllEnvs();
  await useCommand([agent.source.root, '--port', '0']).ready();
  await eventually(async () => expect(await agent.containers()).toEqual([]));
}

test('Ctrl-C ends the emulator while the engine hangs, and the next start removes leftovers', async () => {
  const { agent, running } = await useHangingEngine();
  running.process.kill('SIGINT');
  expect(await running.exited).toBe(0);
  expect(running.stderr()).toMatch(/Could not clean up DOCKER_HOST=.*; the next start tries again/);
  expect(await agent.containers()).toHaveLength(1);
  await expectCleanUp(agent);
});

test('a second signal ends the emulator immediately', async () => {
  const { agent, running } = await useHangingEngine();
  running.process.kill('SIGINT');
  // One Ctrl-C may arrive as two signals.
  running.process.kill('SIGINT');
  await eventually(() => {
    running.process.kill('SIGINT');
    expect(running.stderr()).toMatch(/Ended immediately by a second SIGINT/);
  });
  expect(await running.exited).toBe(130);
  await expectCleanUp(agent);
});

test('a port in use by an emulator whose engine hangs is reported as an emulator’s', async () => {
  const proxy = await useEngineProxy();
  await proxy.comeBack();
  proxy.hang();
  const { source } = await useContainerProject(echoAgent);
  const running = useCommand([source.root, '--port', '0', '--ephemeral']);
  const { url } = await running.ready();
  const second = await runCommand([source.root, '--port', new URL(url).port, '--ephemeral']);
  expect(second.stderr).toMatch(/is in use by another AgentCore emulator \(pid \d+\)/);
});

test('--compute process runs an agent with build Container as a process', async () => {
  const agent = await useContainerProject(echoAgent);
  const { root, project } = agent.source;
  const file = join(root, 'agentcore', 'agentcore.json');
  const runtime = { name: 'Agent', codeLocation: './', build: 'Container' };
  await writeFile(
    file,
    JSON.stringify({ name: project, runtimes: [{ ...runtime, entrypoint: 'main.mjs' }] }),
  );
  const running = useCommand([root, '--port', '0', '--ephemeral', '--compute', 'process']);
  expect(await invoke((await running.ready()).url)).toMatchObject({ turns: 1 });
  expect(await agent.containers()).toEqual([]);
});

test('containers have the size and platform that the options set', async () => {
  const agent = await useContainerProject(echoAgent);
  const own = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const size = ['--container-cpus', '0.5', '--container-memory', '300m'];
  const place = [agent.source.root, '--port', '0', '--ephemeral'];
  const running = useCommand([...place, ...size, '--platform', `linux/${own}`]);
  expect(await invoke((await running.ready()).url)).toMatchObject({ turns: 1 });
  const [container] = await agent.containers();
  const { HostConfig } = await connectEngine().getContainer(container!.Id).inspect();
  expect(HostConfig).toMatchObject({ NanoCpus: 5e8, Memory: 300 * 1024 ** 2 });
  expect(container!.Image).toMatch(new RegExp(`-${own}$`));
});

test('a build context can have more files than a process can open', async () => {
  const files = Array.from({ length: 1_000 }, (_, index) => [`many/${index}`, String(index)]);
  const { source } = await useContainerProject(echoAgent, Object.fromEntries(files));
  const args = [source.root, '--port', '0', '--ephemeral'];
  const by = ['sh', '-c', 'ulimit -n 256 && exec "$@"', 'sh'];
  const { url } = await useCommand(args, {}, { by }).ready();
  expect(await invoke(url)).toMatchObject({ turns: 1 });
});

test('--engine overrides DOCKER_HOST', async () => {
  const proxy = await useEngineProxy();
  const { source } = await useContainerProject(echoAgent);
  const args = [source.root, '--port', '0', '--ephemeral', '--compute', 'container'];
  const { url } = await useCommand([...args, '--engine', `unix://${findEngineSocket()}`]).ready();
  expect(await invoke(url)).toMatchObject({ turns: 1 });

  await proxy.comeBack();
  const elsewhere = await runCommand([...args, '--engine', 'unix:///nowhere/engine.sock']);
  expect(elsewhere.code).toBe(1);
  expect(elsewhere.stderr).toMatch(/--compute: container: unix:\/\/\/nowhere.* does not respond/);
  const remote = await runCommand([...args, '--engine', 'tcp://10.0.0.5:2375']);
  expect(remote.stderr).toMatch(
    /--engine: tcp:\/\/10\.0\.0\.5:2375 is an engine on another machine/,
  );
});

test('--compute container without an engine is a one-line error with exit code 1', async () => {
  const { source } = await useContainerProject(echoAgent);
  vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/engine.sock');
  const args = [source.root, '--port', '0', '--ephemeral', '--compute', 'container'];
  const { code, stderr } = await runCommand(args);
  vi.unstubAllEnvs();
  expect(code).toBe(1);
  expect(stderr).toMatch(/compute: container: DOCKER_HOST=unix:\/\/\/nowhere.* does not respond/);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
