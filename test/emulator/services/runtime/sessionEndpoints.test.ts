import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import {
  connect as connectHttp2,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { text } from 'node:stream/consumers';
import { SignatureV4 } from '@smithy/signature-v4';
import { InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { EmulatorOptions, ProjectAgentSource } from '../../../../emulator/index.ts';
import { useCurrentModel } from '../../../../src/aws/currentModel.ts';
import { bedrockAgentcore } from '../../../../src/shared/awsModel/bedrockAgentcore.ts';
import { echoAgent, serverAgent, useAgent } from '../../../support/agents.ts';
import { sessionId, useEmulator, type TestEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';
import { useProvider } from '../../../support/provider.ts';
import { Sha256 } from '../../../support/sha256.ts';

/** Has a second server on port 9000, whose process and session a response names. */
const previewAgent = serverAgent(
  `if (url === '/invocations') {
     const inner = await fetch('http://localhost:9000/inner');
     return json(response, { pid: process.pid, inner: await inner.json() });
   }
   if (url === '/main') return json(response, { port: 8080 });`,
  `createServer((request, response) => {
     if (request.url === '/stream') {
       response.writeHead(200, { 'content-type': 'text/event-stream' });
       response.write('data: first\\n\\n');
       request.on('data', (chunk) => response.write('data: ' + chunk + '\\n\\n'));
       request.on('end', () => response.end());
       request.on('close', () => console.log('stream closed'));
       return;
     }
     if (request.url === '/moved') {
       response.writeHead(302, { location: '/target' });
       return response.end();
     }
     request.resume();
     json(response, { pid: process.pid, method: request.method, url: request.url, headers: request.headers });
   }).on('upgrade', (request, socket) => {
     const key = process.getBuiltinModule('node:crypto').createHash('sha1')
       .update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
     socket.write('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\nSec-WebSocket-Accept: ' + key + '\\r\\n\\r\\n');
     socket.write(Buffer.concat([Buffer.from([0x81, 5]), Buffer.from('hello')]));
   }).listen(9000, '0.0.0.0');`,
);

async function useEndpoint(
  source: Pick<Partial<ProjectAgentSource>, 'authorizer'> = {},
  options: Partial<EmulatorOptions> = {},
) {
  const agent = await useAgent(previewAgent, {
    allowedPorts: [{ from: 9000, to: 9001 }],
    ...source,
  });
  const emulator = await useEmulator({ agents: [agent], ...options });
  return { emulator, open: (name: string) => openSession(emulator, name) };
}

/** Invokes the agent with the AWS SDK. Returns the session's endpoint and the response. */
async function openSession({ agent, client }: TestEmulator, name: string) {
  const sdk = client();
  useCurrentModel(sdk, bedrockAgentcore);
  const answer = await sdk.send(
    new InvokeAgentRuntimeCommand({
      agentRuntimeArn: agent.arn,
      runtimeSessionId: sessionId(name),
      payload: '{}',
    }),
  );
  const { sessionEndpointUrl } = answer as { readonly sessionEndpointUrl?: string };
  const body = JSON.parse(await answer.response!.transformToString()) as Report;
  return { endpoint: sessionEndpointUrl!, body };
}

interface Report {
  readonly pid: number;
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly inner: Report;
}

test('a session endpoint reaches each allowed port of its own session', async () => {
  const { emulator, open } = await useEndpoint();
  const [a, b] = [await open('a'), await open('b')];
  expect(a.body.inner.pid).toBe(a.body.pid);
  for (const { endpoint, body } of [a, b]) {
    const response = await fetch(`${endpoint}:9000/some/path?x=1`, { method: 'PUT', body: 'text' });
    expect(await response.json()).toMatchObject({
      pid: body.pid,
      method: 'PUT',
      url: '/some/path?x=1',
      headers: { host: 'localhost:9000', 'content-length': '4' },
    });
    expect(await (await fetch(`${endpoint}/main`)).json()).toEqual({ port: 8080 });
  }
  const moved = await fetch(`${a.endpoint}:9000/moved`, { redirect: 'manual' });
  expect(moved.headers.get('location')).toBe(`${new URL(a.endpoint).pathname}:9000/target`);
  expect(await emulator.timeline(sessionId('a'))).toContainEqual(
    expect.objectContaining({ outcome: 'PUT /some/path on port 9000: status 200' }),
  );
});

test('a host name below localhost names the endpoint, so that pages have their own origin', async () => {
  const { emulator, open } = await useEndpoint();
  const { endpoint, body } = await open('a');
  const token = endpoint.split('~')[1]!;
  const { port } = new URL(emulator.url);
  const request = httpRequest({
    host: '127.0.0.1',
    port,
    path: '/_emulator/health',
    headers: { host: `${token}-9000.localhost:${port}`, origin: 'http://elsewhere.test' },
  }).end();
  const [response] = (await once(request, 'response')) as [AsyncIterable<Buffer>];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  expect(JSON.parse(text)).toMatchObject({ pid: body.pid, url: '/_emulator/health' });
});

test('ports that are not allowed, silent ports and unknown endpoints are refused', async () => {
  const { open } = await useEndpoint();
  const { endpoint } = await open('a');
  const refusal = async (url: string) => {
    const response = await fetch(url);
    expect(await response.text()).toBe('');
    return [response.status, response.headers.get('x-amzn-errortype')];
  };
  expect(await refusal(`${endpoint}:9002/`)).toEqual([403, 'AccessDenied']);
  expect(await refusal(`${endpoint}:9001/`)).toEqual([502, 'BadGateway']);
  expect(await refusal(endpoint.replace(/~.*/, `~${'0'.repeat(32)}`))).toEqual([
    404,
    'ResourceNotFound',
  ]);
});

test('both bodies are streamed, and the end of the session ends them', async () => {
  const { emulator, open } = await useEndpoint();
  const { endpoint } = await open('a');
  const request = httpRequest(`${endpoint}:9000/stream`, { method: 'POST' });
  request.on('error', () => {});
  request.flushHeaders();
  const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
  const received: string[] = [];
  response.on('data', (chunk: Buffer) => received.push(String(chunk)));
  const closed = new Promise((resolve) => response.on('close', resolve).on('error', resolve));
  await eventually(() => expect(received.join('')).toBe('data: first\n\n'));
  request.write('second');
  await eventually(() => expect(received.join('')).toContain('data: second\n\n'));
  // A request in flight keeps the session from its idle timeout.
  await emulator.admin('/clock', { advanceSeconds: 1_000 });
  const [session] = await emulator.sessions();
  expect(session).toMatchObject({ state: 'active' });
  await emulator.admin('/clock', { advanceSeconds: 30_000 });
  await closed;
  expect((await fetch(`${endpoint}/main`)).status).toBe(404);
});

test('a caller that disconnects ends the request to the server', async () => {
  const { emulator, open } = await useEndpoint();
  const { endpoint } = await open('a');
  const request = httpRequest(`${endpoint}:9000/stream`, { method: 'POST' });
  request.on('error', () => {});
  request.flushHeaders();
  await once(request, 'response');
  request.destroy();
  await eventually(() => expect(emulator.log.join('\n')).toContain('stream closed'));
});

test('a WebSocket reaches the server and closes with its session', async () => {
  const { emulator, open } = await useEndpoint();
  const { endpoint } = await open('a');
  const socket = new WebSocket(`${endpoint.replace('http', 'ws')}:9000/socket`);
  onTestFinished(() => socket.terminate());
  const [message] = (await once(socket, 'message')) as [Buffer];
  expect(String(message)).toBe('hello');
  const closed = once(socket, 'close');
  await emulator.admin('/clock', { advanceSeconds: 30_000 });
  await closed;
  const refused = new WebSocket(`${endpoint.replace('http', 'ws')}:9000/socket`);
  const [error] = (await once(refused, 'error')) as [Error];
  expect(error.message).toContain('404');
});

test('with a JWT authorizer, each request needs a token', async () => {
  const { discoveryUrl, token } = await useProvider();
  const authorizer = { customJWTAuthorizer: { discoveryUrl, allowedAudience: ['me'] } };
  const { emulator } = await useEndpoint({ authorizer });
  const authorization = `Bearer ${await token({ aud: 'me' })}`;
  const invoked = await fetch(
    `${emulator.url}/runtimes/${encodeURIComponent(emulator.agent.arn)}/invocations`,
    { method: 'POST', body: '{}', headers: { authorization } },
  );
  await invoked.text();
  const endpoint = invoked.headers.get('x-amzn-bedrock-agentcore-runtime-session-endpoint-url')!;
  const refused = await fetch(`${endpoint}:9000/`);
  expect(refused.status).toBe(401);
  expect(refused.headers.get('x-amzn-errortype')).toBe('AuthenticationRequired');
  const admitted = await fetch(`${endpoint}:9000/`, { headers: { authorization } });
  expect(((await admitted.json()) as Report).headers).not.toHaveProperty('authorization');
});

test('with --auth sigv4, each request needs a signature that covers its body', async () => {
  const key = { id: 'test', secret: 'test' };
  const { open } = await useEndpoint({}, { accessKeys: [key] });
  const { endpoint } = await open('a');
  const url = new URL(`${endpoint}:9000/signed`);
  const unsigned = await fetch(url);
  expect([unsigned.status, unsigned.headers.get('x-amzn-errortype')]).toEqual([
    403,
    'AccessDenied',
  ]);
  const signer = new SignatureV4({
    credentials: { accessKeyId: key.id, secretAccessKey: key.secret },
    region: 'us-east-1',
    service: 'bedrock-agentcore',
    sha256: Sha256,
  });
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: 'http:',
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    query: {},
    headers: { host: url.host },
    body: 'signed',
  });
  const signed = await fetch(url, { method: 'POST', body: 'signed', headers });
  expect(signed.status).toBe(200);
  expect(((await signed.json()) as Report).headers).not.toHaveProperty('authorization');
  expect((await fetch(url, { method: 'POST', body: 'other', headers })).status).toBe(403);
});

test('an endpoint needs no operator token, and grants no rights of the operator', async () => {
  const { open } = await useEndpoint({}, { token: 'operator-token' });
  const { endpoint } = await open('a');
  const authorization = 'Bearer operator-token';
  const main = await fetch(`${endpoint}/main`, { headers: { origin: 'http://elsewhere.test' } });
  expect(await main.json()).toEqual({ port: 8080 });
  // A page below the endpoint's path must not act in the emulator's origin.
  expect(main.headers.get('content-security-policy')).toMatch(/^sandbox (?!.*allow-same-origin)/);
  const { origin } = new URL(endpoint);
  expect((await fetch(`${origin}/_emulator/health`)).status).toBe(403);
  const echoed = await fetch(`${endpoint}:9000/`, { headers: { authorization } });
  expect(((await echoed.json()) as Report).headers).not.toHaveProperty('authorization');
});

test('a runtime without allowedPorts has no session endpoints', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  expect(await openSession(emulator, 'a')).toMatchObject({ endpoint: undefined });
});

test('the admin API names the endpoint while the session accepts requests', async () => {
  const { emulator, open } = await useEndpoint();
  const { endpoint } = await open('a');
  const [session] = await emulator.sessions();
  expect(session!.endpoint).toEqual({
    token: endpoint.split('~')[1],
    ports: [{ from: 9000, to: 9001 }],
    requiresCredentials: false,
  });
  await emulator.admin('/clock', { advanceSeconds: 1_000 });
  expect(await emulator.sessions()).toMatchObject([{ state: 'terminated', endpoint: null }]);
});

test('the ports of the emulator’s option apply to agents of the project', async () => {
  const agents = [await useAgent(previewAgent)];
  const emulator = await useEmulator({ agents, allowedPorts: [{ from: 9000, to: 9000 }] });
  const { endpoint } = await openSession(emulator, 'a');
  expect((await fetch(`${endpoint}:9000/`)).status).toBe(200);
  expect((await fetch(`${endpoint}:9001/`)).status).toBe(403);
});

test('HTTP/2 with prior knowledge reaches the server in both forms of the URL', async () => {
  const { open } = await useEndpoint();
  const { endpoint, body } = await open('a');
  const { origin, port, pathname } = new URL(endpoint);
  const session = connectHttp2(origin);
  onTestFinished(() => session.destroy());
  const request = async (headers: OutgoingHttpHeaders, sent: string) => {
    const stream = session.request({ ':method': 'POST', ...headers });
    stream.end(sent);
    const [{ ':status': status }] = (await once(stream, 'response')) as [IncomingHttpHeaders];
    return { status, text: await text(stream) };
  };
  const answer = await request({ ':path': `${pathname}:9000/echo`, 'x-own': 'yes' }, 'four');
  expect(answer.status).toBe(200);
  const { headers, ...report } = JSON.parse(answer.text) as Report;
  expect(report).toEqual({ pid: body.pid, method: 'POST', url: '/echo' });
  expect(headers).toMatchObject({
    host: 'localhost:9000',
    'x-own': 'yes',
    'x-forwarded-host': `127.0.0.1:${port}`,
  });
  expect(Object.keys(headers).filter((name) => name.startsWith(':'))).toEqual([]);
  const streamed = await request({ ':path': `${pathname}:9000/stream` }, 'second');
  expect(streamed.text).toBe('data: first\n\ndata: second\n\n');
  const authority = `${pathname.slice(2)}-9000.localhost:${port}`;
  const named = await request({ ':authority': authority, ':path': '/named' }, '');
  expect(JSON.parse(named.text)).toMatchObject({ pid: body.pid, url: '/named' });
  expect(await request({ ':path': `${pathname}:9002/` }, '')).toEqual({ status: 403, text: '' });
});

test('a presigned URL is accepted, and the server does not see its signature', async () => {
  const key = { id: 'test', secret: 'test' };
  const { open } = await useEndpoint({}, { accessKeys: [key] });
  const { endpoint } = await open('a');
  const url = new URL(`${endpoint}:9000/page`);
  const signer = new SignatureV4({
    credentials: { accessKeyId: key.id, secretAccessKey: key.secret },
    region: 'us-east-1',
    service: 'bedrock-agentcore',
    sha256: Sha256,
  });
  const presign = async (expiresIn: number) => {
    const { query } = await signer.presign(
      {
        method: 'GET',
        protocol: 'http:',
        hostname: url.hostname,
        port: Number(url.port),
        path: url.pathname,
        query: { x: '1 2' },
        headers: { host: url.host },
      },
      { expiresIn },
    );
    const parameters = Object.entries(query as Record<string, string>).map(([name, value]) =>
      [name, value].map(encodeURIComponent).join('='),
    );
    return `${url.href}?${parameters.join('&')}`;
  };
  const signed = await presign(300);
  const response = await fetch(signed);
  expect(response.status).toBe(200);
  expect(((await response.json()) as Report).url).toBe('/page?x=1%202');
  expect((await fetch(signed.replace('x=1', 'x=2'))).status).toBe(403);
  expect((await fetch(await presign(301))).status).toBe(403);
});
