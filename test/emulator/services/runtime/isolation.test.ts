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

interface Findings {
  found: Record<string, boolean>;
  env: Record<string, string>;
  cwd: string;
}

test('what a session sets, or writes beside its code, in its home or in its temporary folder, no other sees', async () => {
  const agent = await useAgent(explorer);
  const { invoke } = await useEmulator({ agents: [agent] });
  const ask = async (name: string, write = '') =>
    (await invoke({
      runtimeSessionId: sessionId(name),
      payload: JSON.stringify({ write }),
    })) as unknown as Findings;
  const everywhere = (seen: boolean) => ({
    global: seen,
    environment: seen,
    cwd: seen,
    home: seen,
    tmp: seen,
  });
  expect((await ask('a', 'x')).found).toEqual(everywhere(true));
  expect((await ask('b')).found).toEqual(everywhere(false));
  expect((await ask('a')).cwd).not.toBe(agent.root);
});

test('an agent sees its own variables and the emulator’s endpoints, and nothing unnamed of its host', async () => {
  process.env['SECRET_OF_THE_HOST'] = 'leak';
  process.env['AWS_ENDPOINT_URL'] = 'http://elsewhere';
  const agent = await useAgent(explorer, { environment: { COLOUR: 'green' } });
  const { invoke, url } = await useEmulator({ agents: [agent], region: 'eu-west-1' });
  const { env } = (await invoke({ payload: '{}' })) as unknown as Findings;
  delete process.env['SECRET_OF_THE_HOST'];
  delete process.env['AWS_ENDPOINT_URL'];

  expect(env).toMatchObject({ COLOUR: 'green', AWS_REGION: 'eu-west-1' });
  expect(env['AWS_ENDPOINT_URL_BEDROCK_AGENTCORE']).toMatch(new RegExp(`^${url}/@[\\w-]{24}$`));
  expect(env['AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL']).toBe(
    env['AWS_ENDPOINT_URL_BEDROCK_AGENTCORE'],
  );
  for (const name of ['SECRET_OF_THE_HOST', 'AWS_ENDPOINT_URL', 'BEDROCK_AGENTCORE_DP_ENDPOINT']) {
    expect(Object.keys(env)).not.toContain(name);
  }
});

test('what an agent calls by its session’s address stands in that session’s timeline', async () => {
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

test('port 8080 leads each agent to itself alone; another’s real port is open to it, as to every program of the machine', async () => {
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
  const ask = async (name: string, ...hosts: string[]) =>
    (await invoke({
      runtimeSessionId: sessionId(name),
      payload: JSON.stringify({ hosts }),
    })) as { pid: number; reached: number[] };
  const own = ['localhost:8080', '127.0.0.1:8080', '[::1]:8080'];
  const [a, b] = await Promise.all([ask('a', ...own), ask('b', ...own)]);
  expect(a.reached).toEqual([a.pid, a.pid, a.pid]);
  expect(b.reached).toEqual([b.pid, b.pid, b.pid]);
  expect(a.pid).not.toBe(b.pid);

  const other = (await sessions()).find((each) => each.sessionId === sessionId('b'))!.compute!;
  expect((await ask('a', `127.0.0.1:${other.port}`)).reached).toEqual([b.pid]);
});

test('links in the code lead into the copy, never to the files of the developer', async () => {
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
  const ask = (name: string, write = '') =>
    invoke({ runtimeSessionId: sessionId(name), payload: JSON.stringify({ write }) });
  expect(await ask('a', 'changed')).toEqual({ conf: 'changed', outside: 'from elsewhere' });
  expect(await ask('b')).toMatchObject({ conf: 'original' });
  expect(await readFile(join(agent.root, 'real.json'), 'utf8')).toBe('original');
});

test('a data folder inside the code is no part of the copy', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (url === '/invocations') return json(response, { files: readdirSync('.') });`,
      `import { readdirSync } from 'node:fs';`,
    ),
  );
  const { invoke } = await useEmulator({ agents: [agent], dataFolder: join(agent.root, 'state') });
  expect(await invoke()).toEqual({ files: ['main.mjs'] });
});

test('with a token an agent still has its own address, and never learns the token', async () => {
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
