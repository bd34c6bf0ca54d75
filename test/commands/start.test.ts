import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ListAgentRuntimesCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import type { AgentSummary } from '../../src/shared/emulator.ts';
import type { SessionSummary } from '../../src/shared/session.ts';
import { echoAgent, serverAgent, useFolder } from '../support/agents.ts';
import { runCommand, useCommand } from '../support/command.ts';
import { useControlPlane } from '../support/controlPlane.ts';
import { eventually } from '../support/eventually.ts';
import { project, useProject } from '../support/project.ts';
import { isAlive } from '../support/processes.ts';

test('standard output contains only the ready message', async () => {
  const root = await useProject(project);
  const running = useCommand([root, '--port', '0', '--ephemeral']);
  const ready = await running.ready();
  expect(ready).toEqual({
    type: 'ready',
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    pid: running.process.pid,
  });
  const health = await fetch(`${ready.url}/_emulator/health`);
  expect(await health.json()).toMatchObject({ status: 'ready', pid: ready.pid });
  running.process.kill('SIGTERM');
  expect(await running.exited).toBe(0);
  expect(running.stdout().trim().split('\n')).toHaveLength(1);
});

test('Ctrl-C ends every session and leaves no process running', async () => {
  const agent = serverAgent(
    `if (url === '/invocations') return json(response, { pid: process.pid });`,
  );
  const root = await useProject(project, agent);
  const running = useCommand(['start', root, '--port=0', '--ephemeral']);
  const { url } = await running.ready();
  const answer = await fetch(`${url}/invocations`, { method: 'POST', body: '{}' });
  const { pid } = (await answer.json()) as { pid: number };
  expect(isAlive(pid)).toBe(true);
  running.process.kill('SIGINT');
  expect(await running.exited).toBe(0);
  expect(isAlive(pid)).toBe(false);
});

test('the clock’s offset and ARNs survive a restart, and the offset is announced', async () => {
  const root = await useProject(project);
  const first = useCommand([root, '--port', '0']);
  const before = await describe(first.ready());
  await fetch(`${before.url}/_emulator/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"advanceSeconds":3600}',
  });
  first.process.kill('SIGTERM');
  await first.exited;
  const second = useCommand([root, '--port', '0']);
  const after = await describe(second.ready());
  expect(after.offsetSeconds).toBeGreaterThanOrEqual(3600);
  expect(after.arn).toBe(before.arn);
  await eventually(() =>
    expect(second.stderr()).toContain(
      'Clock is 1 h ahead of real time. Run agentcore-emulator start --reset-clock to reset it.',
    ),
  );
  expect(first.stderr()).toContain(`Chat in your browser: ${before.url}/`);
  expect(first.stderr()).not.toContain('ahead of real time');
  second.process.kill('SIGTERM');
  await second.exited;
  const third = useCommand([root, '--port', '0', '--reset-clock']);
  const reset = await describe(third.ready());
  expect(reset.offsetSeconds).toBeLessThan(1);
  expect(reset.arn).toBe(before.arn);

  async function describe(ready: Promise<{ url: string }>) {
    const { url } = await ready;
    const clock = (await (await fetch(`${url}/_emulator/clock`)).json()) as {
      offsetSeconds: number;
    };
    const { agents } = (await (await fetch(`${url}/_emulator/agents`)).json()) as {
      agents: AgentSummary[];
    };
    return { url, ...clock, arn: agents[0]!.arn };
  }
});

test('start prints a curl command only if curl alone can call the default agent', async () => {
  const agent = project.runtimes[0]!;
  const discoveryUrl = 'https://id.example/.well-known/openid-configuration';
  const jwt = {
    authorizerType: 'CUSTOM_JWT',
    authorizerConfiguration: { customJwtAuthorizer: { discoveryUrl, allowedClients: ['app'] } },
  };
  const runtimes = [
    agent,
    { ...agent, name: 'Tools', protocol: 'MCP' },
    { ...agent, name: 'Members', ...jwt },
  ];
  const root = await useProject({ ...project, runtimes }, echoAgent);
  const start = async (...options: string[]) => {
    const running = useCommand([root, '--port', '0', '--ephemeral', ...options]);
    const { url } = await running.ready();
    await eventually(() => expect(running.stderr()).toContain('Chat in your browser'));
    running.process.kill('SIGTERM');
    await running.exited;
    return { url, command: /Call .*/.exec(running.stderr())?.[0] };
  };
  const { url, command } = await start();
  expect(command).toContain(`Call ${agent.name}: curl -N ${url}/invocations -H `);
  expect((await start('--agent', 'Tools')).command).toBeUndefined();
  expect((await start('--agent', 'Members')).command).toBeUndefined();
});

test('environment variables and secrets of the project reach its agent', async () => {
  const root = await useProject(
    {
      ...project,
      runtimes: [
        {
          ...project.runtimes[0],
          envVars: [{ name: 'COLOUR', value: 'green' }],
          lifecycleConfiguration: { idleRuntimeSessionTimeout: 60, maxLifetime: 120 },
        },
      ],
    },
    serverAgent(`if (url === '/invocations') return json(response, process.env);`),
  );
  await writeFile(join(root, 'agentcore', '.env.local'), 'API_KEY="s3cret"\nCOLOUR=red\n');
  const running = useCommand([root, '--port', '0', '--ephemeral']);
  const { url } = await running.ready();
  const answer = await fetch(`${url}/invocations`, { method: 'POST', body: '{}' });
  expect(await answer.json()).toMatchObject({ COLOUR: 'green', API_KEY: 's3cret' });
  const { sessions } = (await (await fetch(`${url}/_emulator/sessions`)).json()) as {
    sessions: SessionSummary[];
  };
  const [session] = sessions;
  expect(Date.parse(session!.maxDeadline) - Date.parse(session!.startedAt)).toBe(120_000);
});

test('a token is required, and an SDK can carry it in its endpoint', async () => {
  const root = await useProject(project);
  const running = useCommand([root, '--port', '0', '--ephemeral', '--token', 'opensesame']);
  const { url } = await running.ready();
  expect(url).toMatch(/\/@opensesame$/);
  const bare = url.replace('/@opensesame', '');
  const path = '/_emulator/health';
  const bearer = { headers: { authorization: 'Bearer opensesame' } };
  expect((await fetch(bare + path)).status).toBe(403);
  expect((await fetch(url + path)).status).toBe(200);
  expect((await fetch(bare + path, bearer)).status).toBe(200);
});

test('a generated token differs at each start', async () => {
  const root = await useProject(project);
  const urls = await Promise.all(
    [1, 2].map(async () => {
      const running = useCommand([root, '--port', '0', '--ephemeral', '--token', 'auto']);
      return (await running.ready()).url;
    }),
  );
  const [first, second] = urls.map((url) => url.split('/@')[1]);
  expect(first).toMatch(/^[\w-]{24}$/);
  expect(second).not.toBe(first);
});

test('a data folder is resolved from the current folder', async () => {
  const root = await useProject(project, echoAgent);
  const data = join(root, 'state');
  const running = useCommand([root, '--port', '0', '--data', relative(process.cwd(), data)]);
  const { url } = await running.ready();
  const answer = await fetch(`${url}/invocations`, { method: 'POST', body: '{}' });
  expect(await answer.json()).toMatchObject({ turns: 1 });
  expect(existsSync(join(data, 'state.db'))).toBe(true);
});

const bare = { name: 'Agent', codeLocation: 'app/' };

test('an entrypoint that does not exist is reported at the start', async () => {
  const root = await useProject({
    name: 'Demo',
    runtimes: [{ ...bare, entrypoint: 'nope.js' }],
  });
  const running = useCommand([root, '--port', '0', '--ephemeral']);
  await running.ready();
  await eventually(() =>
    expect(running.stderr()).toMatch(
      /Agent: The entrypoint nope\.js or nope\.ts does not exist in .*app yet/,
    ),
  );
});

test('--no-project serves deployed runtimes', async () => {
  const dataFolder = await useFolder();
  const running = useCommand(['--no-project', '--data', dataFolder, '--port', '0']);
  const control = useControlPlane(await running.ready());
  const { agentRuntimes } = await control.send(new ListAgentRuntimesCommand());
  expect(agentRuntimes).toEqual([]);
});

test('settings of the project without effect are reported at the start', async () => {
  const [runtime] = project.runtimes;
  const unsupported = {
    requestHeaderAllowlist: ['Authorization'],
    endpoints: { prod: { version: 3 } },
    envvars: [],
  };
  const root = await useProject({ ...project, runtimes: [{ ...runtime, ...unsupported }] });
  const running = useCommand([root, '--port', '0', '--ephemeral']);
  await running.ready();
  await eventually(() => {
    expect(running.stderr()).toMatch(/Helper is arn:aws:bedrock-agentcore:/);
    expect(running.stderr()).toMatch(
      /Helper: Authorization in requestHeaderAllowlist has no effect without/,
    );
    expect(running.stderr()).toMatch(
      /Helper: Endpoint prod pins version 3, which does not exist here \(existing: 1\)/,
    );
    expect(running.stderr()).toMatch(
      /agentcore\.json: Unknown field runtimes\[\d\]\.envvars has no effect\. Did you mean envVars\?/,
    );
  });
});

test('the last value of a repeated option applies', async () => {
  const root = await useProject(project);
  const running = useCommand([root, '--port', 'x', '--port', '0', '--ephemeral']);
  expect((await running.ready()).type).toBe('ready');
});

test('start finds the project of a folder within it', async () => {
  const root = await useProject(project);
  const running = useCommand(['--port', '0'], {}, { cwd: join(root, 'app') });
  await running.ready();
  expect(existsSync(join(root, '.agentcore', 'state.db'))).toBe(true);
  await eventually(() => expect(running.stderr()).toMatch(/Helper is arn:/));
});

test('--help and --version print and exit', async () => {
  const help = await runCommand(['--help']);
  expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('--idle-timeout') });
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  expect(await runCommand(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
});
