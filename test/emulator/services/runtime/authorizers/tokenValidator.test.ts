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
import { bearer, useProvider, type TestProvider } from '../../../../support/provider.ts';

const SESSION = 'x-amzn-bedrock-agentcore-runtime-session-id';

/** An agent that takes the provider's tokens for `me`, and an emulator with it. */
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

/** Asks the agent as a client without an SDK does. */
async function ask(url: string, authorization?: string) {
  const headers = { [SESSION]: sessionId('a'), ...(authorization && { authorization }) };
  const response = await fetch(url, { method: 'POST', headers, body: '{}' });
  const { status } = response;
  const body = (await response.json()) as Record<string, unknown>;
  return { status, headers: response.headers, body, message: String(body['message']) };
}

const invocations = ({ url, agent }: TestEmulator, name = agent.arn) =>
  `${url}/runtimes/${encodeURIComponent(name)}/invocations`;

test('the SDK with a bearer calls a JWT agent, by ARN and by id and account, commands in it, and stops its session', async () => {
  const provider = await useProvider();
  const { client, agent } = await useJwtAgent(provider);
  const sdk = client();
  sdk.middlewareStack.use(bearer(await provider.token(CLAIMS)));
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

test('without a token the answer is 401, and says where to get one', async () => {
  const provider = await useProvider();
  const emulator = await useJwtAgent(provider);
  const url = invocations(emulator);
  const { status, headers, message } = await ask(url);
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

test('what a bad token lacks is said, and no session is begun for it', async () => {
  const provider = await useProvider();
  const other = await useProvider();
  const emulator = await useJwtAgent(provider);
  const ofOtherKey = await other.token({ ...CLAIMS, iss: provider.issuer });
  const [head, , signature] = (await provider.token(CLAIMS)).split('.');
  const changed = [head, btoa(JSON.stringify({ ...CLAIMS, sub: 'root' })), signature].join('.');
  const hmac = await new SignJWT(CLAIMS)
    .setProtectedHeader({ alg: 'HS256' })
    .sign(Buffer.alloc(32));
  const unsecured = new UnsecuredJWT(CLAIMS).encode();
  for (const [token, why] of [
    ['undefined', /it is no JWT/],
    ['a.b.c', /Failed to parse token/],
    [hmac, /Failed to parse token/],
    [unsecured, /Failed to parse token/],
    [changed, /it was changed, or made up/],
    [await provider.token({ ...CLAIMS, exp: 1 }), /expired at 1970-01-01T00:00:01/],
    [await provider.token({ ...CLAIMS, aud: 'you' }), /'aud' value mismatch.*has 'you'.*is 'me'/],
    [ofOtherKey, /it was changed, or made up/],
  ] as const) {
    const { status, headers, message } = await ask(invocations(emulator), `Bearer ${token}`);
    expect({ status, message }).toEqual({
      status: 401,
      message: expect.stringMatching(/^OAuth authorization failed: /),
    });
    expect(message).toMatch(why);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer resource_metadata=/);
  }
  expect(await emulator.sessions()).toEqual([]);
});

test('the wrong kind of credential is 403 in the service’s words, with the mend', async () => {
  const provider = await useProvider();
  const jwt = await useJwtAgent(provider);
  const signing = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const words = 'Authorization method mismatch. The agent is configured for a different';
  await expect(jwt.invoke()).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(words),
  });
  await expect(jwt.invoke()).rejects.toThrow(/has the authorizer CUSTOM_JWT: send a token/);
  const { status, headers, message } = await ask(
    invocations(signing),
    `Bearer ${await provider.token(CLAIMS)}`,
  );
  expect({ status, message }).toMatchObject({
    status: 403,
    message: expect.stringContaining(words),
  });
  expect(message).toMatch(/has no JWT authorizer: sign the request with SigV4/);
  expect(headers.get('www-authenticate')).toBeNull();
  const metadata = await fetch(`${invocations(signing)}/.well-known/oauth-protected-resource`);
  expect(metadata.status).toBe(404);
});

test('the token reaches the agent where it is on the allowlist, and never else', async () => {
  const provider = await useProvider();
  const authorization = `Bearer ${await provider.token(CLAIMS)}`;
  const listed = await useJwtAgent(provider, { headerAllowlist: ['Authorization'] });
  const unlisted = await useJwtAgent(provider);
  const signing = await useEmulator({
    agents: [await useAgent(echoAgent, { headerAllowlist: ['Authorization'] })],
  });
  const seen = async (emulator: TestEmulator) =>
    (await ask(`${emulator.url}/invocations`, authorization)).body['headers'];
  expect(await seen(listed)).toMatchObject({ authorization });
  expect(await seen(unlisted)).not.toHaveProperty('authorization');
  expect((await signing.invoke())['headers']).not.toHaveProperty('authorization');
});

test('a key that is new is asked for, and one that is unknown not again and again', async () => {
  const provider = await useProvider();
  const url = `${(await useJwtAgent(provider)).url}/invocations`;
  const old = await provider.token(CLAIMS);
  expect((await ask(url, `Bearer ${old}`)).status).toBe(200);
  expect((await ask(url, `Bearer ${old}`)).status).toBe(200);
  expect(provider.keyRequestCount()).toBe(1);
  await provider.rotate();
  expect((await ask(url, `Bearer ${await provider.token(CLAIMS)}`)).status).toBe(200);
  expect(provider.keyRequestCount()).toBe(2);
  for (let times = 0; times < 5; times += 1) {
    const { status, message } = await ask(url, `Bearer ${old}`);
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
  const bare = emulator.url.replace('/@secret', '');
  const path = `/runtimes/${emulator.agent.runtimeId}/invocations`;
  // By its base path the emulator is satisfied, and the header is free for the agent's token.
  const both = await ask(emulator.url + path, authorization);
  expect(both.body['headers']).toMatchObject({ authorization });
  // As a bearer the emulator's token has done its work, and is none of the agent's.
  const spent = await ask(bare + path, 'Bearer secret');
  expect(spent.status).toBe(401);
  expect(spent.message).toMatch(/The token of the emulator itself is given as base path then/);
  const challenged = await ask(emulator.url + path);
  expect(challenged.headers.get('www-authenticate')).toContain(`"${emulator.url}${path}/.well`);
  // And the agent's token does not open the emulator.
  expect((await ask(bare + path, authorization)).message).toMatch(/requires a token/);
});

test('no door leads past the authorizer', async () => {
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

test('a challenge that no header can carry breaks its request off, and the emulator goes on', async () => {
  const { discoveryUrl } = await useProvider();
  const authorizer = { customJWTAuthorizer: { discoveryUrl, allowedScopes: ['✓'] } };
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent, { authorizer })] });
  await expect(ask(invocations(emulator))).rejects.toThrow(/fetch failed/);
  const socket = new WebSocket(
    invocations(emulator)
      .replace(/^http/, 'ws')
      .replace(/invocations$/, 'ws'),
  );
  await expect(once(socket, 'open')).rejects.toThrow(/hang up/);
  expect(emulator.log.join('\n')).toMatch(/cannot be answered: .*www-authenticate/);
  expect(await emulator.sessions()).toEqual([]);
});
