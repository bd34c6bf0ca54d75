import {
  InvokeAgentRuntimeCommand,
  ResourceNotFoundException,
  RetryableConflictException,
  RuntimeClientError,
  StopRuntimeSessionCommand,
  ValidationException,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { explainPorts } from '../../../../emulator/compute/process/otherPorts.ts';
import { eventually } from '../../../support/eventually.ts';
import { echoAgent, serverAgent, silentAgent, useAgent } from '../../../support/agents.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';

const id = { runtimeSessionId: sessionId('a') };

test('an agent that crashes at import: its traceback reaches the caller and the log', async () => {
  const agent = await useAgent(`
    import { missing } from './missing.mjs';
    missing();
  `);
  const { invoke, log, sessions } = await useEmulator({ agents: [agent] });
  const failure = await invoke(id).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RuntimeClientError);
  expect(failure).toMatchObject({ $metadata: { httpStatusCode: 424 } });
  const { message } = failure as Error;
  expect(message).toMatch(/exit code 1 before it answered \/ping, \d+\.\d s into the 60 s/);
  expect(message).toMatch(/Cannot find module .*missing\.mjs/);
  // Where the developer has it, and not in the copy that has gone with the session.
  expect(message).toContain(`imported from ${agent.code}/main.mjs`);
  expect(log.join('\n')).toMatch(/Cannot find module .*missing\.mjs/);
  await eventually(async () =>
    expect((await sessions())[0]).toMatchObject({ state: 'terminated', reason: 'start-failed' }),
  );
});

test('an agent that never listens ends with the initialisation time, and says which port it missed', async () => {
  const agent = await useAgent(silentAgent);
  const { invoke, admin, sessions } = await useEmulator({ agents: [agent] });
  const failing = invoke(id).catch((error: unknown) => error);
  await eventually(async () => {
    const { logs } = await admin<{ logs: { text: string }[] }>(
      `/sessions/${(await sessions())[0]!.runtimeId}/${id.runtimeSessionId}/logs`,
    );
    expect(logs.map(({ text }) => text)).toContain('still loading');
  });
  await admin('/clock', { advanceSeconds: 60 });
  const failure = (await failing) as Error;
  expect(failure).toBeInstanceOf(RuntimeClientError);
  expect(failure.message).toMatch(/Runtime initialization time exceeded.*in 60s/);
  expect(failure.message).toMatch(/never listened on port 8080.*still loading/s);
  expect((await sessions())[0]).toMatchObject({ state: 'terminated', reason: 'start-failed' });
});

test.skipIf(process.platform !== 'linux')(
  'an agent that listens elsewhere is told so after five seconds, and with its failure',
  async () => {
    const server = serverAgent('').replace(
      `listen(8080, '0.0.0.0')`,
      `listen(0, function () { console.log('port ' + this.address().port); })`,
    );
    // In a child process, as with a development server.
    const agent = await useAgent(`
      import { spawn } from 'node:child_process';
      spawn(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(server)}], { stdio: 'inherit' });
    `);
    const { invoke, admin, log, timeline, sessions } = await useEmulator({ agents: [agent] });
    const failing = invoke(id).catch((error: unknown) => error);
    const words = await eventually(() => {
      const [, port] = /\| port (\d+)/.exec(log.join('\n')) ?? [];
      expect(port).toBeDefined();
      return `It listens on port ${port} instead; AgentCore calls 8080.`;
    });
    const note = `5 s after its start the agent is not reached on port 8080 yet. ${words}`;
    await eventually(() =>
      expect(log.join('\n')).toContain(`Agent ${id.runtimeSessionId.slice(0, 8)}: ${note}`),
    );
    expect(await timeline(id.runtimeSessionId)).toContainEqual(
      expect.objectContaining({ type: 'note', message: note }),
    );
    expect((await sessions())[0]).toMatchObject({ state: 'starting' });
    await admin('/clock', { advanceSeconds: 60 });
    expect(((await failing) as Error).message).toContain(
      `It never listened on port 8080. ${words}`,
    );
  },
);

test.each([
  [[], null],
  [[3000], 'It listens on port 3000 instead; AgentCore calls 8080.'],
  [[3000, 9229, 3000], 'It listens on port 3000 and 9229 instead; AgentCore calls 8080.'],
  [
    [3000, 8080],
    expect.stringMatching(/listens on port 8080 of this machine, which only one.*container/),
  ],
])('an agent whose processes listen on %j is told %s', (ports, words) => {
  expect(explainPorts(ports, 8080)).toEqual(words);
});

test.each([
  ['text that is not JSON', `response.end('fine')`, /which is not JSON/],
  ['JSON without a status', `json(response, { ok: true })`, /has no "status"/],
  [
    'a status that AgentCore does not know',
    `json(response, { status: 'OK' })`,
    /neither "Healthy"/,
  ],
  ['an error', `response.writeHead(503).end()`, /status 503, not 200/],
  ['no answer at all', `await sleep(1e6)`, /has not answered|no answer within/],
])(
  'an agent whose ping is %s never gets ready, and the caller learns why',
  async (what, ping, why) => {
    const agent = await useAgent(serverAgent(`if (url === '/ping') return ${ping};`));
    const { invoke, admin, sessions, log } = await useEmulator({ agents: [agent] });
    const failing = invoke(id).catch((error: unknown) => error);
    await eventually(async () => expect((await sessions())[0]?.compute?.port).toBeGreaterThan(0));
    // The log says it at once; only where there is no answer there is nothing to say yet.
    if (what !== 'no answer at all') {
      await eventually(() => expect(log.join('\n')).toMatch(why));
    }
    await admin('/clock', { advanceSeconds: 60 });
    const failure = await failing;
    expect(failure).toBeInstanceOf(RuntimeClientError);
    expect((failure as Error).message).toMatch(why);
  },
);

test('an agent that answers what is no HTTP is the agent’s failure', async () => {
  const agent = await useAgent(`
    import { createServer } from 'node:net';
    createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (data) => {
        const body = '{"status":"Healthy"}';
        if (String(data).startsWith('GET /ping')) {
          socket.end('HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: 20\\r\\n\\r\\n' + body);
        } else {
          console.log('KeyError: city');
          socket.end('what?');
        }
      });
    }).listen(8080);
  `);
  const { invoke } = await useEmulator({ agents: [agent] });
  const failure = await invoke(id).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RuntimeClientError);
  expect((failure as Error).message).toMatch(
    /gave no answer.*the agent still runs.*KeyError: city/s,
  );
});

test('an error that the agent answers is quoted in a 424', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (url === '/invocations') return response.writeHead(500).end('{"error":"boom"}');`,
    ),
  );
  const { invoke, sessions } = await useEmulator({ agents: [agent] });
  await expect(invoke(id)).rejects.toThrow(
    'Received error (500) from runtime. The agent answered: {"error":"boom"}',
  );
  await eventually(async () => expect((await sessions())[0]).toMatchObject({ state: 'idle' }));
});

test('a 415 for a missing Content-Type names the mend', async () => {
  const agent = await useAgent(
    serverAgent(`if (url === '/invocations') return response.writeHead(415).end();`),
  );
  const { invoke } = await useEmulator({ agents: [agent] });
  await expect(invoke({ ...id, contentType: undefined })).rejects.toThrow(
    /with Content-Type application\/octet-stream.*Pass contentType: 'application\/json'/,
  );
});

test('an agent that dies in the middle of an invocation: how it ended reaches the caller', async () => {
  const agent = await useAgent(
    serverAgent(`if (url === '/invocations') { console.error('out of cheese'); process.exit(7); }`),
  );
  const { invoke, sessions } = await useEmulator({ agents: [agent] });
  const failure = (await invoke(id).catch((error: unknown) => error)) as Error;
  expect(failure).toBeInstanceOf(RuntimeClientError);
  expect(failure.message).toMatch(/exit code 7.*out of cheese/s);
  expect((await sessions())[0]).toMatchObject({ state: 'terminated', reason: 'crashed' });
});

test('a stream that breaks off is not mistaken for one that ended', async () => {
  const agent = await useAgent(
    serverAgent(`if (url === '/invocations') {
      response.write('half');
      return setTimeout(() => process.exit(1), 100);
    }`),
  );
  const { client, agent: runtime } = await useEmulator({ agents: [agent] });
  const { response } = await client().send(
    new InvokeAgentRuntimeCommand({ agentRuntimeArn: runtime.arn, payload: '{}', ...id }),
  );
  await expect(response!.transformToString()).rejects.toThrow(/aborted|ECONNRESET|terminated/);
});

test('a session id of 20 characters is refused with the service’s words', async () => {
  const { invoke } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const failure = await invoke({ runtimeSessionId: 'x'.repeat(20) }).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ValidationException);
  expect((failure as Error).message).toBe(
    `1 validation error detected: Value '${'x'.repeat(20)}' at 'runtimeSessionId' failed to satisfy constraint: Member must have length greater than or equal to 33`,
  );
});

test('a malformed ARN is refused, an unknown one is not found, and both say what there is', async () => {
  const { invoke, agent } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const malformed = await invoke({ agentRuntimeArn: 'arn:aws:bedrock-agentcore:nowhere' }).catch(
    (error: unknown) => error,
  );
  expect(malformed).toBeInstanceOf(ValidationException);
  const unknown = await invoke({ agentRuntimeArn: `${agent.arn}x` }).catch(
    (error: unknown) => error,
  );
  expect(unknown).toBeInstanceOf(ResourceNotFoundException);
  for (const failure of [malformed, unknown]) {
    expect((failure as Error).message).toContain(agent.arn);
  }
  await expect(invoke({ qualifier: 'prod' })).rejects.toThrow(/no endpoint 'prod'/);
});

test('while a session starts, a second operation on it is a retryable conflict', async () => {
  const agent = await useAgent(`
    import { createServer } from 'node:http';
    setTimeout(() => {
      createServer((_, response) => response.end('{"status":"Healthy"}')).listen(8080);
    }, 500);
  `);
  const { invoke, client, agent: runtime } = await useEmulator({ agents: [agent] });
  const first = invoke(id);
  const second = await invoke(id).catch((error: unknown) => error);
  expect(second).toBeInstanceOf(RetryableConflictException);
  const stop = new StopRuntimeSessionCommand({ agentRuntimeArn: runtime.arn, ...id });
  await expect(client().send(stop)).rejects.toBeInstanceOf(RetryableConflictException);
  await first;
});

test('a prompt is sent once, also when the agent drops the connection that carried it', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (String(body) === 'pay') { paid += 1; return request.socket.destroy(); }
       if (url === '/invocations') return json(response, { paid });`,
      'let paid = 0;',
    ),
  );
  const { invoke } = await useEmulator({ agents: [agent] });
  await Promise.all([invoke(id).catch(() => {}), invoke(id).catch(() => {})]);
  await invoke(id);
  await expect(invoke({ ...id, payload: 'pay' })).rejects.toBeInstanceOf(RuntimeClientError);
  expect(await invoke(id)).toEqual({ paid: 1 });
});

test('an error whose body never ends is cut and quoted', async () => {
  const agent = await useAgent(
    serverAgent(`if (url === '/invocations') {
      response.writeHead(500);
      const more = setInterval(() => response.write('no '.repeat(1000)), 1);
      return response.on('close', () => clearInterval(more));
    }`),
  );
  const { invoke, sessions } = await useEmulator({ agents: [agent] });
  await expect(invoke(id)).rejects.toThrow(/Received error \(500\) from runtime.*no no no/);
  await eventually(async () => expect((await sessions())[0]).toMatchObject({ state: 'idle' }));
});

test('a line without end takes neither the emulator nor its memory', async () => {
  const agent = await useAgent(`process.stdout.write('x'.repeat(1_000_000));\n${echoAgent}`);
  const { invoke, admin, agent: runtime } = await useEmulator({ agents: [agent] });
  await invoke(id);
  await eventually(async () => {
    const { logs } = await admin<{ logs: { text: string }[] }>(
      `/sessions/${runtime.runtimeId}/${id.runtimeSessionId}/logs`,
    );
    const lengths = logs.map(({ text }) => text.length);
    expect(Math.max(...lengths)).toBe(64 * 1024);
    expect(lengths.length).toBeGreaterThan(14);
  });
});
