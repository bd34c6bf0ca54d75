import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serverAgent, useAgent, useFolder } from '../../../support/agents.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';

const explorer = serverAgent(
  `if (url === '/invocations') {
     const { write } = JSON.parse(body);
     if (write) {
       globalThis.mark = process.env.MARK = write;
       for (const path of Object.values(places)) writeFileSync(path, write);
     }
     const found = { global: 'mark' in globalThis, environment: 'MARK' in process.env };
     for (const [name, path] of Object.entries(places)) found[name] = existsSync(path);
     return json(response, { found, env: process.env, cwd: process.cwd() });
   }`,
  `import { existsSync, writeFileSync } from 'node:fs';
   import { homedir, tmpdir } from 'node:os';
   const places = { cwd: './mark', home: homedir() + '/mark', tmp: tmpdir() + '/mark' };`,
);

interface Exploration {
  found: Record<string, boolean>;
  env: Record<string, string>;
  cwd: string;
}

test('Changes of a session to globals, environment, code, home and temporary folder are invisible to others', async () => {
  const agent = await useAgent(explorer);
  const { invoke } = await useEmulator({ agents: [agent] });
  const explore = async (name: string, write = '') =>
    (await invoke({
      runtimeSessionId: sessionId(name),
      payload: JSON.stringify({ write }),
    })) as unknown as Exploration;
  const everywhere = (isVisible: boolean) => ({
    global: isVisible,
    environment: isVisible,
    cwd: isVisible,
    home: isVisible,
    tmp: isVisible,
  });
  expect((await explore('a', 'x')).found).toEqual(everywhere(true));
  expect((await explore('b')).found).toEqual(everywhere(false));
  expect((await explore('a')).cwd).not.toBe(agent.root);
});

test('An agent sees its own variables and the emulator’s endpoints, and no other variables of the host', async () => {
  process.env['SECRET_OF_THE_HOST'] = 'leak';
  process.env['AWS_ENDPOINT_URL'] = 'http://elsewhere';
  const agent = await useAgent(explorer, { environment: { COLOR: 'green' } });
  const { invoke, url } = await useEmulator({ agents: [agent], region: 'eu-west-1' });
  const { env } = (await invoke({ payload: '{}' })) as unknown as Exploration;
  delete process.env['SECRET_OF_THE_HOST'];
  delete process.env['AWS_ENDPOINT_URL'];

  expect(env).toMatchObject({ COLOR: 'green', AWS_REGION: 'eu-west-1' });
  expect(env['AWS_ENDPOINT_URL_BEDROCK_AGENTCORE']).toMatch(new RegExp(`^${url}/@[\\w-]{24}$`));
  expect(env['AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL']).toBe(
    env['AWS_ENDPOINT_URL_BEDROCK_AGENTCORE'],
  );
  for (const name of ['SECRET_OF_THE_HOST', 'AWS_ENDPOINT_URL', 'BEDROCK_AGENTCORE_DP_ENDPOINT']) {
    expect(Object.keys(env)).not.toContain(name);
  }
});

test('Calls of an agent through its session URL appear in the session’s timeline', async () => {
  const caller = await useAgent(
    serverAgent(`if (url === '/invocations') {
      const other = await fetch(process.env.AWS_ENDPOINT_URL_BEDROCK_AGENTCORE + '/memories/', { method: 'POST' });
      const admin = await fetch(process.env.AWS_ENDPOINT_URL_BEDROCK_AGENTCORE + '/_emulator/health');
      return json(response, { statuses: [other.status, admin.status] });
    }`),
  );
  const { invoke, timeline, url } = await useEmulator({ agents: [caller] });
  const id = sessionId('caller');
  expect(await invoke({ runtimeSessionId: id })).toEqual({ statuses: [200, 404] });
  expect(await timeline(id)).toContainEqual(
    expect.objectContaining({ type: 'call', operation: 'ListMemories', status: 200 }),
  );
  const foreign = await fetch(`${url}/@${'x'.repeat(24)}/memories/`, { method: 'POST' });
  expect(foreign.status).toBe(403);
});

test('Port 8080 leads each agent to itself, and another agent’s real port is reachable', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (url === '/ping') return json(response, { status: 'Healthy', pid: process.pid });
       if (url === '/invocations') {
         const { hosts } = JSON.parse(body);
         const reached = hosts.map((host) => fetch('http://' + host + '/ping').then((r) => r.json()));
         return json(response, {
           pid: process.pid,
           reached: (await Promise.all(reached)).map(({ pid }) => pid),
         });
       }`,
    ),
  );
  const { invoke, sessions } = await useEmulator({ agents: [agent] });
  const explore = async (name: string, ...hosts: string[]) =>
    (await invoke({
      runtimeSessionId: sessionId(name),
      payload: JSON.stringify({ hosts }),
    })) as { pid: number; reached: number[] };
  const own = ['localhost:8080', '127.0.0.1:8080', '[::1]:8080'];
  const [a, b] = await Promise.all([explore('a', ...own), explore('b', ...own)]);
  expect(a.reached).toEqual([a.pid, a.pid, a.pid]);
  expect(b.reached).toEqual([b.pid, b.pid, b.pid]);
  expect(a.pid).not.toBe(b.pid);

  const other = (await sessions()).find((each) => each.sessionId === sessionId('b'))!.compute!;
  expect((await explore('a', `127.0.0.1:${other.port}`)).reached).toEqual([b.pid]);
});

test('Links in the code lead into the working copy, not to the developer’s files', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (url === '/invocations') {
         const { write } = JSON.parse(body);
         if (write) writeFileSync('conf.json', write);
         return json(response, { conf: readFileSync('conf.json', 'utf8'), outside: readFileSync('outside', 'utf8') });
       }`,
      `import { readFileSync, writeFileSync } from 'node:fs';`,
    ),
  );
  const elsewhere = await useFolder();
  await writeFile(join(elsewhere, 'file'), 'from elsewhere');
  await writeFile(join(agent.root, 'real.json'), 'original');
  await symlink('real.json', join(agent.root, 'conf.json'));
  await symlink(join(elsewhere, 'file'), join(agent.root, 'outside'));
  await symlink('..', join(agent.root, 'endless'));
  await symlink('nowhere', join(agent.root, 'broken'));
  const { invoke } = await useEmulator({ agents: [agent] });
  const explore = (name: string, write = '') =>
    invoke({ runtimeSessionId: sessionId(name), payload: JSON.stringify({ write }) });
  expect(await explore('a', 'changed')).toEqual({ conf: 'changed', outside: 'from elsewhere' });
  expect(await explore('b')).toMatchObject({ conf: 'original' });
  expect(await readFile(join(agent.root, 'real.json'), 'utf8')).toBe('original');
});

test('A data folder inside the code is not copied', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (url === '/invocations') return json(response, { files: readdirSync('.') });`,
      `import { readdirSync } from 'node:fs';`,
    ),
  );
  const { invoke } = await useEmulator({ agents: [agent], dataFolder: join(agent.root, 'state') });
  expect(await invoke()).toEqual({ files: ['main.mjs'] });
});

test('With an operator token an agent still has its session URL, which does not contain the token', async () => {
  const agent = await useAgent(
    serverAgent(`if (url === '/invocations') {
      const endpoint = process.env.AWS_ENDPOINT_URL_BEDROCK_AGENTCORE;
      const { status } = await fetch(endpoint + '/memories/', { method: 'POST' });
      return json(response, { endpoint, status });
    }`),
  );
  const { invoke, timeline } = await useEmulator({ agents: [agent], token: 'opensesame' });
  const answer = await invoke({ runtimeSessionId: sessionId('a') });
  expect(answer['status']).toBe(200);
  expect(answer['endpoint']).not.toContain('opensesame');
  expect(JSON.stringify(await timeline(sessionId('a')))).toContain('ListMemories');
});
