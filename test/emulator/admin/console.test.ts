import { readFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { eventually } from '../../support/eventually.ts';
import { echoAgent, useAgent } from '../../support/agents.ts';
import { useMemory } from '../../support/memory.ts';
import { sessionId, useEmulator } from '../../support/emulator.ts';

const id = sessionId('a');

/** A call as openapi.json describes it. */
interface Described {
  readonly operationId: string;
  readonly responses: {
    readonly 200: {
      readonly content: Readonly<
        Record<string, { readonly schema: Parameters<typeof z.fromJSONSchema>[0] }>
      >;
    };
  };
}

test('Every response of the admin API matches openapi.json.', async () => {
  const { emulator, create } = await useMemory({ agents: [await useAgent(echoAgent)] });
  const { admin, invoke, agent } = emulator;
  await invoke({ runtimeSessionId: id });
  const memory = await create();
  const labels: Record<string, string> = {
    runtimeId: agent.runtimeId,
    sessionId: id,
    run: '1',
    memoryId: memory.id!,
  };
  const bodies: Readonly<Record<string, object>> = {
    advanceClock: { advanceSeconds: 1 },
    changeOfflineModel: { latency: 0 },
    chooseModel: { model: 'offline' },
    resetClock: {},
    explain: { namespacePath: '/', searchCriteria: { searchQuery: 'x' } },
    importMemories: { type: 'memory', name: 'Other', eventExpiryDuration: 30 },
  };
  const { paths } = await admin<{ paths: Record<string, Record<string, Described>> }>(
    '/openapi.json',
  );
  const calls = Object.entries(paths).flatMap(([template, methods]) =>
    Object.values(methods).map((call) => ({ template, call })),
  );
  expect(calls.map(({ call }) => call.operationId).toSorted()).toEqual([
    'advanceClock',
    'agents',
    'changeOfflineModel',
    'chooseModel',
    'clock',
    'events',
    'explain',
    'exportMemories',
    'health',
    'importMemories',
    'logs',
    'logsOfRun',
    'models',
    'offlineModel',
    'ollamaModels',
    'openapi',
    'operations',
    'resetClock',
    'retrievals',
    'sessions',
    'snapshot',
    'snapshotOfRun',
    'timeline',
    'timelineOfRun',
  ]);
  for (const { template, call } of calls) {
    const { operationId, responses } = call;
    const content = responses['200'].content['application/json'];
    if (!content) continue;
    const path = template.replace(/\{(\w+)\}/g, (_, label: string) => labels[label]!);
    const answer = await admin(path, bodies[operationId]);
    const parsed = z.fromJSONSchema(content.schema).safeParse(answer);
    expect({ operationId, ...parsed }).toMatchObject({ operationId, success: true });
  }
});

test('The operations call lists both planes with the status of each operation.', async () => {
  const { admin } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const { operations } = await admin<{
    operations: { name: string; status: string; lacks: string | null }[];
  }>('/operations');
  expect(operations).toHaveLength(261);
  const statusOf = (name: string) =>
    operations.find((operation) => operation.name === name)?.status;
  expect(statusOf('StopRuntimeSession')).toBe('emulated');
  expect(statusOf('PutResourcePolicy')).toBe('partly');
  expect(statusOf('StartBrowserSession')).toBe('not');
});

test('logs hold what the agent printed, by stream and in virtual time', async () => {
  const agent = await useAgent(
    `console.log('to stdout'); console.error('to stderr');\n${echoAgent}`,
  );
  const { admin, invoke, agent: runtime } = await useEmulator({ agents: [agent] });
  await invoke({ runtimeSessionId: id });
  await eventually(async () => {
    const { logs } = await admin<{ logs: object[] }>(`/sessions/${runtime.runtimeId}/${id}/logs`);
    expect(logs).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ stream: 'stdout', text: 'to stdout' }),
        expect.objectContaining({ stream: 'stderr', text: 'to stderr' }),
      ]),
    );
  });
});

test('events report changes of sessions, timelines, logs and the clock immediately', async () => {
  const agent = await useAgent(`console.log('hello');\n${echoAgent}`);
  const { url, admin, invoke } = await useEmulator({ agents: [agent] });
  const stream = await fetch(`${url}/_emulator/events`);
  expect(stream.headers.get('content-type')).toBe('text/event-stream');
  const seen = new Set<string>();
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  await invoke({ runtimeSessionId: id });
  await admin('/clock', { advanceSeconds: 1 });
  let text = '';
  while (seen.size < 4) {
    text += (await reader.read()).value ?? '';
    for (const [, type] of text.matchAll(/^event: (\w+)$/gm)) seen.add(type!);
  }
  expect([...seen].toSorted()).toEqual(['clock', 'log', 'session', 'timeline']);
  expect(text).toContain('"state":"starting"');
  await reader.cancel();
});

test('events can be filtered by type', async () => {
  const { url, admin } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const stream = await fetch(`${url}/_emulator/events?type=session&type=clock`);
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  await admin('/clock', { advanceSeconds: 1 });
  expect((await reader.read()).value).toMatch(/^event: clock$/m);
  await reader.cancel();
  const timelines = await fetch(`${url}/_emulator/events?type=timeline`);
  const quiet = timelines.body!.pipeThrough(new TextDecoderStream()).getReader();
  await admin('/clock', { advanceSeconds: 1 });
  await fetch(`${url}/invocations`, { method: 'POST', body: '{}' });
  expect((await quiet.read()).value).toMatch(/^event: timeline$/m);
  await quiet.cancel();
  expect(await admin('/events?type=weather')).toMatchObject({
    message: 'type: one of session, timeline, log, clock; got "weather"',
  });
});

test('An invalid body of an admin call is explained by field, value and fix.', async () => {
  const { admin } = await useEmulator({ agents: [] });
  expect(await admin('/clock', {})).toMatchObject({
    message: 'advanceSeconds: missing. Send a number.',
  });
  expect(await admin('/clock', { advanceSeconds: '900' })).toMatchObject({
    message: 'advanceSeconds: "900" is not allowed. Send a number.',
  });
  expect(await admin('/clock', { advanceSeconds: -1 })).toMatchObject({
    message: 'advanceSeconds: -1 is not allowed. The minimum is 0.',
  });
  expect(await admin('/clock', { advanceSecond: 900 })).toMatchObject({
    message:
      'advanceSeconds: missing. Send a number. advanceSecond: not a field of this call. Did you mean advanceSeconds?',
  });
  expect(await admin('/clock', { advanceSeconds: 0, until: 'noon' })).toMatchObject({
    message: 'until: not a field of this call. Use advanceSeconds.',
  });
});

test('Unknown calls of the admin API return 404.', async () => {
  const { admin } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  expect(await admin('/nothing')).toEqual({
    message: expect.stringContaining('GET /_emulator/openapi.json lists all calls'),
  });
  expect(await admin('/sessions/x/y/logs')).toEqual({ message: "No session 'y' of x." });
});

test.each([
  [{ advanceSeconds: -1 }, /advanceSeconds: -1 is not allowed/],
  [{ advanceSeconds: 'ten' }, /advanceSeconds: "ten" is not allowed. Send a number/],
  [{ advance: 5 }, /advanceSeconds: /],
])('an invalid clock request is rejected with its field and value: %o', async (body, message) => {
  const { admin } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  expect(await admin('/clock', body)).toMatchObject({ message: expect.stringMatching(message) });
});

test('docs/fidelity.md matches the emulator’s operations', async () => {
  const { admin } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const { operations } = await admin<{
    operations: { name: string; status: string; lacks: string | null }[];
  }>('/operations');
  const document = await readFile('docs/fidelity.md', 'utf8');
  expect(document).toContain('Of 250 operations of AgentCore,');
  const rows = document
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, name, , , status, lacks]) => ({ name, status, lacks }));
  for (const { name, status, lacks } of operations) {
    expect(rows).toContainEqual({
      name,
      status: status === 'not' ? '501' : status,
      lacks: lacks ?? '',
    });
  }
});

test('The admin API rejects HTTP/2 with a reason, and the emulator keeps serving.', async () => {
  const { url, admin } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const session = connect(url);
  onTestFinished(() => session.destroy());
  const stream = session.request({ ':path': '/_emulator/health' });
  expect(await text(stream)).toContain('The admin API requires HTTP/1.1');
  expect(await admin('/health')).toMatchObject({ status: 'ready' });
});

test('a clock request without a JSON body is rejected with the missing parts', async () => {
  const { url } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const response = await fetch(`${url}/_emulator/clock`, { method: 'POST', body: '{}' });
  expect(response.status).toBe(400);
  expect(response.headers.get('x-amzn-requestid')).toHaveLength(36);
  expect(await response.json()).toMatchObject({
    message: expect.stringContaining('content-type: application/json'),
  });
});

test('a path that is not valid percent-encoding is a client error', async () => {
  const { url } = await useEmulator({ agents: [] });
  const response = await fetch(`${url}/_emulator/sessions/%E0/x/logs`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    message: 'The path /_emulator/sessions/%E0/x/logs is not valid percent-encoding.',
  });
});
