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

test('The traceback of an agent that crashes at import reaches the caller and the log', async () => {
  const agent = await useAgent(`
    import { missing } from './missing.mjs';
    missing();
  `);
  const { invoke, log, sessions } = await useEmulator({ agents: [agent] });
  const failure = await invoke(id).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RuntimeClientError);
  expect(failure).toMatchObject({ $metadata: { httpStatusCode: 424 } });
  const { message } = failure as Error;
  expect(message).toMatch(/exit code 1 before it answered \/ping, after \d+\.\d s of its 120 s/);
  expect(message).toMatch(/Cannot find module .*missing\.mjs/);
  // The path is the developer's file, not the working copy that was removed with the session.
  expect(message).toContain(`imported from ${agent.code}/main.mjs`);
  expect(log.join('\n')).toMatch(/Cannot find module .*missing\.mjs/);
  await eventually(async () =>
    expect((await sessions())[0]).toMatchObject({ state: 'terminated', reason: 'start-failed' }),
  );
});

test('An agent that never listens fails after the initialization time with its port', async () => {
  const agent = await useAgent(silentAgent);
  const { invoke, admin, sessions } = await useEmulator({ agents: [agent] });
  const failing = invoke(id).catch((error: unknown) => error);
  await eventually(async () => {
    const { logs } = await admin<{ logs: { text: string }[] }>(
      `/sessions/${(await sessions())[0]!.runtimeId}/${id.runtimeSessionId}/logs`,
    );
    expect(logs.map(({ text }) => text)).toContain('still loading');
  });
  await admin('/clock', { advanceSeconds: 120 });
  const failure = (await failing) as Error;
  expect(failure).toBeInstanceOf(RuntimeClientError);
  expect(failure.message).toMatch(/Runtime initialization time exceeded.*in 120s/);
  expect(failure.message).toMatch(/never listened on port 8080.*still loading/s);
  expect((await sessions())[0]).toMatchObject({ state: 'terminated', reason: 'start-failed' });
});

test.skipIf(process.platform !== 'linux')(
  'A note after five seconds and the failure name another port that the agent listens on',
  async () => {
    const server = serverAgent('').replace(
      `listen(8080, '0.0.0.0')`,
      `listen(0, function () { console.log('port ' + this.address().port); })`,
    );
    // The server is a child process, like a development server.
    const agent = await useAgent(`
      import { spawn } from 'node:child_process';
      spawn(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(server)}], { stdio: 'inherit' });
    `);
    const { invoke, admin, log, timeline, sessions } = await useEmulator({ agents: [agent] });
    const failing = invoke(id).catch((error: unknown) => error);
    const advice = await eventually(() => {
      const [, port] = /\| port (\d+)/.exec(log.join('\n')) ?? [];
      expect(port).toBeDefined();
      return `It listens on port ${port} instead; AgentCore calls 8080.`;
    });
    await admin('/clock', { advanceSeconds: 5 });
    const note = `The agent does not listen on port 8080 5 s after its start. ${advice}`;
    await eventually(() =>
      expect(log.join('\n')).toContain(`Agent ${id.runtimeSessionId.slice(0, 8)}: ${note}`),
    );
    expect(await timeline(id.runtimeSessionId)).toContainEqual(
      expect.objectContaining({ type: 'note', message: note }),
    );
    expect((await sessions())[0]).toMatchObject({ state: 'starting' });
    await admin('/clock', { advanceSeconds: 120 });
    expect(((await failing) as Error).message).toContain(
      `It never listened on port 8080. ${advice}`,
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
])('For an agent that listens on %j the advice is %s', (ports, advice) => {
  expect(explainPorts(ports, 8080)).toEqual(advice);
});

test.each([
  ['text that is not JSON', `response.end('fine')`, /which is not JSON/],
  ['JSON without a status', `json(response, { ok: true })`, /has no "status"/],
  [
    'a status that AgentCore does not know',
    `json(response, { status: 'OK' })`,
    /neither "Healthy"/,
  ],
  ['an error', `response.writeHead(503).end()`, /status 503 instead of 200/],
  ['no response', `await sleep(1e6)`, /has not responded|did not respond within/],
])(
  'An agent whose ping is %s never becomes ready, and the caller gets the reason',
  async (name, ping, reason) => {
    const agent = await useAgent(serverAgent(`if (url === '/ping') return ${ping};`));
    const { invoke, admin, sessions, log } = await useEmulator({ agents: [agent] });
    const failing = invoke(id).catch((error: unknown) => error);
    await eventually(async () => expect((await sessions())[0]?.compute?.port).toBeGreaterThan(0));
    // The log has the reason at once, unless there is no response yet.
    if (name !== 'no response') {
      await eventually(() => expect(log.join('\n')).toMatch(reason));
    }
    await admin('/clock', { advanceSeconds: 120 });
    const failure = await failing;
    expect(failure).toBeInstanceOf(RuntimeClientError);
    expect((failure as Error).message).toMatch(reason);
  },
);

test('A response that is not HTTP is a failure of the agent', async () => {
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
    /did not respond.*The agent is still running.*KeyError: city/s,
  );
});

test('An error response of the agent is quoted in a 424', async () => {
  const agent = await useAgent(
    serverAgent(
      `if (url === '/invocations') return response.writeHead(500).end('{"error":"boom"}');`,
    ),
  );
  const { invoke, sessions } = await useEmulator({ agents: [agent] });
  await expect(invoke(id)).rejects.toThrow(
    'Received error (500) from runtime. Please check your CloudWatch logs for more information. The agent returned: {"error":"boom"}',
  );
  await eventually(async () => expect((await sessions())[0]).toMatchObject({ state: 'idle' }));
});

test('A 415 for a missing Content-Type includes the fix', async () => {
  const agent = await useAgent(
    serverAgent(`if (url === '/invocations') return response.writeHead(415).end();`),
  );
  const { invoke } = await useEmulator({ agents: [agent] });
  await expect(invoke({ ...id, contentType: undefined })).rejects.toThrow(
    /had Content-Type application\/octet-stream.*Add the header content-type: application\/json\..* pass contentType: 'application\/json'/,
  );
});

test('The exit of an agent during an invocation reaches the caller', async () => {
  const agent = await useAgent(
    serverAgent(`if (url === '/invocations') { console.error('out of cheese'); process.exit(7); }`),
  );
  const { invoke, sessions } = await useEmulator({ agents: [agent] });
  const failure = (await invoke(id).catch((error: unknown) => error)) as Error;
  expect(failure).toBeInstanceOf(RuntimeClientError);
  expect(failure.message).toMatch(/exit code 7.*out of cheese/s);
  expect((await sessions())[0]).toMatchObject({ state: 'terminated', reason: 'crashed' });
});

test('A stream that breaks off fails', async () => {
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

test('A session id of 20 characters is rejected with AWS’s message', async () => {
  const { invoke } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const failure = await invoke({ runtimeSessionId: 'x'.repeat(20) }).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ValidationException);
  expect((failure as Error).message).toBe(
    `1 validation error detected: Value '${'x'.repeat(20)}' at 'runtimeSessionId' failed to satisfy constraint: Member must have length greater than or equal to 33`,
  );
});

test('A malformed ARN is invalid and an unknown one is not found; both errors list the agents', async () => {
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
  await expect(invoke({ qualifier: 'prod' })).rejects.toThrow(
    /qualifier 'prod' .* has the endpoints DEFAULT\./,
  );
});

test('A second operation on a starting session is a retryable conflict', async () => {
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

test('A prompt is sent once, even if the agent drops its connection', async () => {
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

test('An endless error body is truncated and quoted', async () => {
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

test('A very long line is split', async () => {
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
