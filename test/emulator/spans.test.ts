import {
  InvokeAgentRuntimeCommand,
  BedrockAgentCoreClient,
} from '@aws-sdk/client-bedrock-agentcore';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { EmulatorOptions } from '../../emulator/index.ts';
import { createEmulator } from '../../emulator/emulator.ts';
import { findParent, type Span } from '../../emulator/span.ts';
import { createAdminClient } from '../../src/core/emulatorClient/adminClient.ts';
import { serverAgent, useAgent } from '../support/agents.ts';
import { sessionId } from '../support/emulator.ts';
import { eventually } from '../support/eventually.ts';
import { sdkSettings } from '../support/sdk.ts';

/**
 * Calls ListMemories in each invocation, with the traceparent that it got, and returns its session URL
 * when it has as many invocations as `together` says. Accepts WebSockets.
 */
const callingAgent = serverAgent(
  `if (url === '/ws') {
     const key = request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
     const accept = createHash('sha1').update(key).digest('base64');
     return void request.socket.write(
       'HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n' +
       'Sec-WebSocket-Accept: ' + accept + '\\r\\n\\r\\n');
   }
   if (url === '/invocations') {
     running += 1;
     const { together } = JSON.parse(body);
     while (running < together) await sleep(5);
     const { traceparent } = request.headers;
     await fetch(base + '/memories/', { method: 'POST', headers: traceparent ? { traceparent } : {} });
     finished += 1;
     while (finished < together) await sleep(5);
     return json(response, { base });
   }`,
  `const { createHash } = process.getBuiltinModule('node:crypto');
   const base = process.env.AWS_ENDPOINT_URL_BEDROCK_AGENTCORE;
   let running = 0, finished = 0;`,
);

/** An emulator, and the spans of all its calls. */
async function useObserved(options: Partial<EmulatorOptions> = {}) {
  const spans: Span[] = [];
  const { url, close } = await createEmulator(
    { agents: [await useAgent(callingAgent)], port: 0, ...options },
    [
      ({ activity }) => ({
        name: 'observer',
        start() {
          activity.subscribe((each) => {
            if (each.type === 'span') spans.push(each.span);
          });
        },
      }),
    ],
  );
  onTestFinished(close);
  const client = new BedrockAgentCoreClient(sdkSettings(url));
  onTestFinished(() => client.destroy());
  const admin = createAdminClient(url);
  const [agent] = await admin.agents();
  const { arn: agentRuntimeArn, runtimeId } = agent!;
  return {
    url,
    arn: agentRuntimeArn,
    spans,
    admin,
    webSocketPath: `/runtimes/${encodeURIComponent(agentRuntimeArn)}/ws`,
    async invoke(runtimeSessionId: string, traceParent?: string, together = 1) {
      const payload = JSON.stringify({ together });
      const { response } = await client.send(
        new InvokeAgentRuntimeCommand({ agentRuntimeArn, runtimeSessionId, traceParent, payload }),
      );
      return JSON.parse(await response!.transformToString()) as { readonly base: string };
    },
    timeline: (id: string) => admin.timeline({ runtimeId, sessionId: id, run: 1 }),
  };
}

const trace = (digit: string, span = '1') => `00-${digit.repeat(32)}-${span.repeat(16)}-01`;

function connect(base: string, path: string, id: string): WebSocket {
  const socket = new WebSocket(base.replace('http', 'ws') + path, {
    headers: { 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id': id },
  });
  socket.on('error', () => {});
  onTestFinished(() => socket.terminate());
  return socket;
}

test('A WebSocket is in the timeline of the session whose agent opened it, once it has closed', async () => {
  const { invoke, timeline, spans, webSocketPath } = await useObserved();
  const { base } = await invoke(sessionId('caller'));
  const socket = connect(base, webSocketPath, sessionId('called'));
  await once(socket, 'open');
  const operation = 'InvokeAgentRuntimeWithWebSocketStream';
  const isWebSocket = (each: { operation?: string }) => each.operation === operation;
  const opened = performance.now();
  expect(
    (await timeline(sessionId('caller'))).some(
      (entry) => entry.type === 'call' && isWebSocket(entry),
    ),
  ).toBe(false);
  const openFor = performance.now() - opened;
  socket.terminate();
  const [span] = await eventually(() => {
    const found = spans.filter(isWebSocket);
    expect(found).toHaveLength(1);
    return found;
  });
  expect(span).toMatchObject({ status: 101 });
  expect(span!.caller?.session()?.run.sessionId).toBe(sessionId('caller'));
  expect(span!.duration).toBeGreaterThanOrEqual(openFor);
  expect(await timeline(sessionId('caller'))).toContainEqual({
    type: 'call',
    time: new Date(span!.endedAt).toISOString(),
    requestId: span!.requestId,
    operation,
    status: 101,
  });
});

test('The span of a refused WebSocket has the status of the refusal', async () => {
  const { url, spans, webSocketPath } = await useObserved();
  const socket = connect(url, webSocketPath.replace('Agent', 'Missing'), sessionId('a'));
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  await eventually(() => expect(spans).toHaveLength(1));
  expect(spans).toMatchObject([
    {
      operation: 'InvokeAgentRuntimeWithWebSocketStream',
      status: response.statusCode,
      caller: null,
    },
  ]);
  expect(response.statusCode).toBe(404);
});

test('A call whose client disconnects before the response has the status 499 in the timeline', async () => {
  const { invoke, timeline, spans, arn } = await useObserved();
  const { base } = await invoke(sessionId('caller'));
  const agent = new BedrockAgentCoreClient(sdkSettings(base));
  onTestFinished(() => agent.destroy());
  const disconnect = new AbortController();
  const called = { agentRuntimeArn: arn, runtimeSessionId: sessionId('called') };
  const payload = JSON.stringify({ together: 2 });
  const sent = agent.send(new InvokeAgentRuntimeCommand({ ...called, payload }), {
    abortSignal: disconnect.signal,
  });
  await eventually(async () =>
    expect(await timeline(sessionId('called'))).toContainEqual(
      expect.objectContaining({ type: 'state', to: 'active' }),
    ),
  );
  disconnect.abort();
  await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
  // The second invocation lets the agent answer the first.
  await invoke(sessionId('called'), undefined, 2);
  await eventually(async () =>
    expect(await timeline(sessionId('caller'))).toContainEqual(
      expect.objectContaining({ type: 'call', operation: 'InvokeAgentRuntime', status: 499 }),
    ),
  );
  const invocations = spans.filter(({ operation }) => operation === 'InvokeAgentRuntime');
  expect(invocations.filter(({ status }) => status === 499)).toHaveLength(1);
});

/** A RST_STREAM frame of RFC 9113 with the code CANCEL. */
function resetFrame(streamId: number): Buffer {
  const frame = Buffer.from([0, 0, 4, 3, 0, 0, 0, 0, 0, 0, 0, 0, 8]);
  frame.writeUInt32BE(streamId, 5);
  return frame;
}

/** Sends a part of a request and disconnects. */
const partialRequests = {
  'HTTP/1.1': async (url: string, path: string) => {
    const request = httpRequest(url + path, {
      method: 'POST',
      headers: { 'content-length': 100 },
    });
    request.on('error', () => {});
    await new Promise((written) => request.write('{', written));
    request.destroy();
  },
  'HTTP/2': async (url: string, path: string) => {
    const socket = connectSocket(Number(new URL(url).port), new URL(url).hostname);
    const session = connectHttp2(url, { createConnection: () => socket });
    onTestFinished(() => session.destroy());
    const stream = session.request({ ':method': 'POST', ':path': path });
    stream.on('error', () => {});
    stream.write('{');
    await once(session, 'connect');
    // The emulator has received what precedes a ping.
    await new Promise((answered) => session.ping(answered));
    // Node's own reset ends the body first, so that the request may arrive complete.
    socket.write(resetFrame(stream.id!));
  },
};

test.each(Object.entries(partialRequests))(
  'A call whose client disconnects within its %s request has the status 499',
  async (_, send) => {
    const { url, spans } = await useObserved();
    await send(url, '/memories/');
    await eventually(() =>
      expect(spans).toMatchObject([{ operation: 'ListMemories', status: 499 }]),
    );
  },
);

test('A call of an agent has the invocation of the same trace as its parent', async () => {
  const { invoke, spans } = await useObserved();
  const id = sessionId('a');
  await invoke(id);
  spans.length = 0;
  await Promise.all([invoke(id, trace('a'), 3), invoke(id, trace('b'), 3)]);
  const named = (operation: string) => spans.filter((span) => span.operation === operation);
  const parents = Object.fromEntries(
    named('ListMemories').map(({ traceParent, parent }) => [traceParent, parent]),
  );
  const invocations = Object.fromEntries(
    named('InvokeAgentRuntime').map(({ traceParent, requestId }) => [traceParent, requestId]),
  );
  expect(Object.keys(parents).toSorted()).toEqual([trace('a'), trace('b')]);
  expect(parents).toEqual(invocations);
});

const running = (requestId: string, traceParent: string | null = null) => ({
  requestId,
  traceParent,
});

test.for([
  ['no request runs', trace('a'), [], null],
  ['one runs, without traces', null, [running('1')], '1'],
  ['one runs, and only it has a trace', null, [running('1', trace('a'))], '1'],
  ['one runs, and only the call has a trace', trace('a'), [running('1')], '1'],
  ['one of two has the trace', trace('a', '2'), [running('1'), running('2', trace('a'))], '2'],
  ['one runs, with another trace', trace('a'), [running('1', trace('b'))], null],
  ['two run, without traces', null, [running('1'), running('2')], null],
  ['two have the trace', trace('a'), [running('1', trace('a')), running('2', trace('a'))], null],
  ['the header is invalid', 'own-parent', [running('1', 'own-parent'), running('2')], null],
] as const)('The parent of a call where %s', ([, traceParent, requests, parent]) => {
  expect(findParent(traceParent, requests)).toBe(parent);
});

/** Calls the emulator many times before it serves requests. Pipelines them, because each round trip takes time. */
const chattyAgent = serverAgent(
  '',
  `const base = process.env.AWS_ENDPOINT_URL_BEDROCK_AGENTCORE;
   const { hostname, port, pathname } = new URL(base + '/early/');
   const socket = process.getBuiltinModule('node:net').connect(port, hostname);
   for (let call = 0; call < 1_100; call += 1)
     socket.write('POST ' + pathname + call + ' HTTP/1.1\\r\\nhost: emulator\\r\\ncontent-length: 0\\r\\n' +
       (call === 1_099 ? 'connection: close\\r\\n\\r\\n' : '\\r\\n'));
   for await (const response of socket);`,
);

test('The latest calls of a waiting agent are in the timeline and the events of its later session', async () => {
  const { admin, invoke, timeline, spans } = await useObserved({
    agents: [await useAgent(chattyAgent)],
    warm: 1,
  });
  await eventually(async () => expect(await admin.agents()).toMatchObject([{ warm: 1 }]));
  expect(spans).toHaveLength(1_100);
  const closed = new AbortController();
  onTestFinished(() => closed.abort());
  const events = await admin.events(['timeline'], closed.signal);
  const id = sessionId('a');
  await invoke(id);
  const reported: string[] = [];
  for await (const event of events) {
    if (event.type !== 'timeline' || event.of.sessionId !== id) continue;
    if (event.entry.type === 'call') reported.push(event.entry.operation);
    if (event.entry.type === 'invocation') break;
  }
  expect(reported).toHaveLength(1_000);
  expect(reported.at(-1)).toBe('/early/1099');
  const entries = await timeline(id);
  expect(entries).toHaveLength(1_000);
  const calls = entries.flatMap((entry) => (entry.type === 'call' ? [entry.operation] : []));
  expect(calls).toEqual(reported.slice(-calls.length));
  expect(entries.at(-1)).toMatchObject({ type: 'state', to: 'idle' });
});
