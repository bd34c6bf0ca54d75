import { SignJWT, UnsecuredJWT } from 'jose';
import { once } from 'node:events';
import {
  InvokeAgentRuntimeCommand,
  InvokeAgentRuntimeCommandCommand,
  StopRuntimeSessionCommand,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { echoAgent, useAgent } from '../../../../support/agents.ts';
import { sessionId, useEmulator, type TestEmulator } from '../../../../support/emulator.ts';
import { bearerHeader, useProvider, type TestProvider } from '../../../../support/provider.ts';

const SESSION = 'x-amzn-bedrock-agentcore-runtime-session-id';

/** Starts an emulator with an agent that accepts the provider's tokens for `me`. */
async function useJwtAgent(
  provider: TestProvider,
  { headerAllowlist = [] as string[], token = undefined as string | undefined } = {},
): Promise<TestEmulator> {
  const { discoveryUrl } = provider;
  const authorizer = {
    customJWTAuthorizer: { discoveryUrl, allowedAudience: ['me'], allowedScopes: ['mcp/invoke'] },
  };
  const agent = await useAgent(echoAgent, { authorizer, headerAllowlist });
  return useEmulator({ agents: [agent], token });
}

const CLAIMS = { aud: 'me', scope: 'openid mcp/invoke' };

/** Invokes the agent without an SDK. */
async function post(url: string, authorization?: string) {
  const headers = { [SESSION]: sessionId('a'), ...(authorization && { authorization }) };
  const response = await fetch(url, { method: 'POST', headers, body: '{}' });
  const { status } = response;
  const body = (await response.json()) as Record<string, unknown>;
  return { status, headers: response.headers, body, message: String(body['message']) };
}

const invocationsUrl = ({ url, agent }: TestEmulator, name = agent.arn) =>
  `${url}/runtimes/${encodeURIComponent(name)}/invocations`;

test('the SDK with a bearer token invokes a JWT agent by ARN or ID, runs commands and stops its session', async () => {
  const provider = await useProvider();
  const { client, agent } = await useJwtAgent(provider);
  const sdk = client();
  sdk.middlewareStack.use(bearerHeader(await provider.token(CLAIMS)));
  const turns = [];
  for (const name of [agent.arn, agent.runtimeId]) {
    const { response } = await sdk.send(
      new InvokeAgentRuntimeCommand({
        agentRuntimeArn: name,
        accountId: '000000000000',
        runtimeSessionId: sessionId('a'),
        payload: '{}',
      }),
    );
    turns.push(JSON.parse(await response!.transformToString()));
  }
  expect(turns).toMatchObject([{ turns: 1 }, { turns: 2 }]);
  const { stream } = await sdk.send(
    new InvokeAgentRuntimeCommandCommand({
      agentRuntimeArn: agent.arn,
      runtimeSessionId: sessionId('a'),
      body: { command: 'echo so' },
    }),
  );
  const printed = [];
  for await (const { chunk } of stream!) printed.push(chunk?.contentDelta?.stdout ?? '');
  expect(printed.join('')).toBe('so\n');
  const stopped = await sdk.send(
    new StopRuntimeSessionCommand({
      agentRuntimeArn: agent.runtimeId,
      runtimeSessionId: sessionId('a'),
    }),
  );
  expect(stopped.statusCode).toBe(200);
});

test('a request without a token gets 401 with the metadata URL', async () => {
  const provider = await useProvider();
  const emulator = await useJwtAgent(provider);
  const url = invocationsUrl(emulator);
  const { status, headers, message } = await post(url);
  expect(status).toBe(401);
  expect(headers.get('x-amzn-errortype')).toBe('UnauthorizedException');
  expect(message).toMatch(/^Missing Authentication Token\./);
  const metadataUrl = `${url}/.well-known/oauth-protected-resource?qualifier=DEFAULT`;
  expect(headers.get('www-authenticate')).toBe(
    `Bearer resource_metadata="${metadataUrl}", scope="mcp/invoke"`,
  );
  const metadata = await fetch(metadataUrl);
  expect(await metadata.json()).toEqual({
    resource: url,
    authorization_servers: [provider.issuer],
    bearer_methods_supported: ['header'],
    scopes_supported: ['mcp/invoke'],
  });
  expect(await emulator.sessions()).toEqual([]);
});

test.for([
  ['/.well-known/oauth-authorization-server', ''],
  ['/.well-known/oauth-authorization-server/tenant/one', '/tenant/one'],
  ['/tenant/.well-known/openid-configuration/one', '/tenant/one'],
])('a provider is discovered at %s', async ([path, server]) => {
  const provider = await useProvider();
  const { issuer } = provider;
  const emulator = await useJwtAgent({ ...provider, discoveryUrl: `${issuer}${path}` });
  const url = invocationsUrl(emulator);
  const metadata = await fetch(`${url}/.well-known/oauth-protected-resource`);
  expect(await metadata.json()).toMatchObject({ authorization_servers: [`${issuer}${server}`] });
  const sdk = emulator.client();
  sdk.middlewareStack.use(bearerHeader(await provider.token(CLAIMS)));
  const agentRuntimeArn = emulator.agent.arn;
  expect(
    await sdk.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn, payload: '{}' })),
  ).toMatchObject({ statusCode: 200 });
});

test('an invalid token is rejected with the reason, and no session starts', async () => {
  const provider = await useProvider();
  const other = await useProvider();
  const emulator = await useJwtAgent(provider);
  const signedByOther = await other.token({ ...CLAIMS, iss: provider.issuer });
  const [head, , signature] = (await provider.token(CLAIMS)).split('.');
  const changed = [head, btoa(JSON.stringify({ ...CLAIMS, sub: 'root' })), signature].join('.');
  const hmac = await new SignJWT(CLAIMS)
    .setProtectedHeader({ alg: 'HS256' })
    .sign(Buffer.alloc(32));
  const unsecured = new UnsecuredJWT(CLAIMS).encode();
  for (const [token, reason] of [
    ['undefined', /it is not a JWT/],
    ['a.b.c', /Failed to parse token/],
    [hmac, /Failed to parse token/],
    [unsecured, /Failed to parse token/],
    [changed, /changed or forged/],
    [await provider.token({ ...CLAIMS, exp: 1 }), /expired at 1970-01-01T00:00:01/],
    [
      await provider.token({ ...CLAIMS, aud: 'you' }),
      /'aud' value mismatch.*has 'you'.*allows 'me'/,
    ],
    [signedByOther, /changed or forged/],
  ] as const) {
    const { status, headers, message } = await post(invocationsUrl(emulator), `Bearer ${token}`);
    expect({ status, message }).toEqual({
      status: 401,
      message: expect.stringMatching(/^OAuth authorization failed: /),
    });
    expect(message).toMatch(reason);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer resource_metadata=/);
  }
  expect(await emulator.sessions()).toEqual([]);
});

test('the wrong kind of credential gets 403 with AWS’s message and the fix', async () => {
  const provider = await useProvider();
  const jwt = await useJwtAgent(provider);
  const signing = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const awsMessage = 'Authorization method mismatch. The agent is configured for a different';
  await expect(jwt.invoke()).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(awsMessage),
  });
  await expect(jwt.invoke()).rejects.toThrow(/has the authorizer CUSTOM_JWT\. Send a token/);
  const { status, headers, message } = await post(
    invocationsUrl(signing),
    `Bearer ${await provider.token(CLAIMS)}`,
  );
  expect({ status, message }).toMatchObject({
    status: 403,
    message: expect.stringContaining(awsMessage),
  });
  expect(message).toMatch(/has no JWT authorizer\. Sign the request with SigV4/);
  expect(headers.get('www-authenticate')).toBeNull();
  const metadata = await fetch(`${invocationsUrl(signing)}/.well-known/oauth-protected-resource`);
  expect(metadata.status).toBe(404);
});

test('the agent receives the token only when Authorization is on the allowlist', async () => {
  const provider = await useProvider();
  const authorization = `Bearer ${await provider.token(CLAIMS)}`;
  const listed = await useJwtAgent(provider, { headerAllowlist: ['Authorization'] });
  const unlisted = await useJwtAgent(provider);
  const signing = await useEmulator({
    agents: [await useAgent(echoAgent, { headerAllowlist: ['Authorization'] })],
  });
  const seen = async (emulator: TestEmulator) =>
    (await post(`${emulator.url}/invocations`, authorization)).body['headers'];
  expect(await seen(listed)).toMatchObject({ authorization });
  expect(await seen(unlisted)).not.toHaveProperty('authorization');
  expect((await signing.invoke())['headers']).not.toHaveProperty('authorization');
});

test('a new key is fetched, and an unknown key is not fetched repeatedly', async () => {
  const provider = await useProvider();
  const url = `${(await useJwtAgent(provider)).url}/invocations`;
  const old = await provider.token(CLAIMS);
  expect((await post(url, `Bearer ${old}`)).status).toBe(200);
  expect((await post(url, `Bearer ${old}`)).status).toBe(200);
  expect(provider.keyRequestCount()).toBe(1);
  await provider.rotate();
  expect((await post(url, `Bearer ${await provider.token(CLAIMS)}`)).status).toBe(200);
  expect(provider.keyRequestCount()).toBe(2);
  for (let times = 0; times < 5; times += 1) {
    const { status, message } = await post(url, `Bearer ${old}`);
    expect({ status, message }).toMatchObject({
      status: 401,
      message: expect.stringMatching(/key key-1 \(ES256\), which is not among the keys of http/),
    });
  }
  expect(provider.keyRequestCount()).toBe(2);
});

test('a protected emulator and a JWT agent each get their own token', async () => {
  const provider = await useProvider();
  const emulator = await useJwtAgent(provider, {
    token: 'secret',
    headerAllowlist: ['Authorization'],
  });
  const authorization = `Bearer ${await provider.token(CLAIMS)}`;
  const withoutToken = emulator.url.replace('/@secret', '');
  const path = `/runtimes/${emulator.agent.runtimeId}/invocations`;
  // The base path authenticates to the emulator, so the header can hold the agent's token.
  const both = await post(emulator.url + path, authorization);
  expect(both.body['headers']).toMatchObject({ authorization });
  // The emulator's token in the header is not valid for the agent.
  const rejected = await post(withoutToken + path, 'Bearer secret');
  expect(rejected.status).toBe(401);
  expect(rejected.message).toMatch(/Pass the emulator’s own token as base path/);
  const challenged = await post(emulator.url + path);
  expect(challenged.headers.get('www-authenticate')).toContain(`"${emulator.url}${path}/.well`);
  // The emulator does not accept the agent's token.
  expect((await post(withoutToken + path, authorization)).message).toMatch(/requires a token/);
});

test('every operation checks the authorizer', async () => {
  const provider = await useProvider();
  const { url, agent, sessions } = await useJwtAgent(provider);
  const runtime = `${url}/runtimes/${encodeURIComponent(agent.arn)}`;
  for (const [method, path, body] of [
    ['POST', '/invocations', '{}'],
    ['POST', '/commands', '{"command": "true"}'],
    ['POST', '/stopruntimesession', '{}'],
    ['GET', '/invocations/.well-known/agent-card.json', undefined],
  ] as const) {
    const headers = { [SESSION]: sessionId('a') };
    const { status } = await fetch(runtime + path, { method, headers, body: body ?? null });
    expect([path, status]).toEqual([path, 401]);
  }
  const connect = (path: string, protocols: string[]) => {
    const address = `${runtime.replace('http', 'ws')}${path}`;
    const socket = new WebSocket(address, protocols, { headers: { [SESSION]: sessionId('a') } });
    onTestFinished(() => socket.terminate());
    return socket;
  };
  for (const path of ['/ws', '/ws/shells']) {
    const refused = connect(path, []);
    await expect(once(refused, 'open')).rejects.toThrow('Unexpected server response: 401');
  }
  expect(await sessions()).toEqual([]);
  const token = Buffer.from(await provider.token(CLAIMS)).toString('base64url');
  const protocol = 'base64UrlBearerAuthorization';
  const shell = connect('/ws/shells', [`${protocol}.${token}`, protocol]);
  await once(shell, 'open');
  expect(shell.protocol).toBe(protocol);
});

test('a challenge with invalid header characters aborts the request, and the emulator keeps running', async () => {
  const { discoveryUrl } = await useProvider();
  const authorizer = { customJWTAuthorizer: { discoveryUrl, allowedScopes: ['✓'] } };
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent, { authorizer })] });
  await expect(post(invocationsUrl(emulator))).rejects.toThrow(/fetch failed/);
  const socket = new WebSocket(
    invocationsUrl(emulator)
      .replace(/^http/, 'ws')
      .replace(/invocations$/, 'ws'),
  );
  await expect(once(socket, 'open')).rejects.toThrow(/hang up/);
  expect(emulator.log.join('\n')).toMatch(/was aborted because of an error: .*www-authenticate/);
  expect(await emulator.sessions()).toEqual([]);
});
