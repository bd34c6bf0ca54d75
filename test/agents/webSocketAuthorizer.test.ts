import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { sessionId, useEmulator } from '../support/emulator.ts';
import { useProvider } from '../support/provider.ts';
import { sdkAgent, usePythonAgent } from '../support/python.ts';

vi.setConfig({ testTimeout: 60_000 });

const BEARER = 'base64UrlBearerAuthorization';

/** Tells what it sees of its caller, in the subprotocol that it was told to choose. */
const telling = sdkAgent(`
@app.websocket
async def talk(websocket, context):
    await websocket.accept(subprotocol=os.environ.get("SPEAKS"))
    await websocket.send_json({
        "authorization": websocket.headers.get("authorization"),
        "offered": websocket.headers.get("sec-websocket-protocol"),
    })
`);

async function useTellingAgent(speaks?: string) {
  const provider = await useProvider();
  const agent = await usePythonAgent(telling, {
    authorizer: {
      customJWTAuthorizer: { discoveryUrl: provider.discoveryUrl, allowedAudience: ['me'] },
    },
    headerAllowlist: ['Authorization'],
    environment: speaks === undefined ? {} : { SPEAKS: speaks },
  });
  const { url, agent: known } = await useEmulator({ agents: [agent] });
  const path = `/runtimes/${encodeURIComponent(known.arn)}/ws`;
  const session = `?X-Amzn-Bedrock-AgentCore-Runtime-Session-Id=${sessionId('a')}`;
  return {
    token: await provider.token({ aud: 'me' }),
    connect(protocols: string[] = [], headers: Record<string, string> = {}): WebSocket {
      const address = `${url.replace('http', 'ws')}${path}${session}`;
      const socket = new WebSocket(address, protocols, { headers });
      socket.on('error', () => {});
      onTestFinished(() => socket.terminate());
      return socket;
    },
  };
}

/** What a browser offers that holds a token. */
function inProtocols(token: string, ...others: string[]): string[] {
  return [`${BEARER}.${Buffer.from(token).toString('base64url')}`, BEARER, ...others];
}

async function told(socket: WebSocket): Promise<unknown> {
  const [message] = (await once(socket, 'message')) as [Buffer];
  return JSON.parse(message.toString());
}

test('a web socket brings its token in a header, or as a browser does in its subprotocols', async () => {
  const { token, connect } = await useTellingAgent();
  const authorization = `Bearer ${token}`;
  const byHeader = connect([], { authorization });
  expect(await told(byHeader)).toEqual({ authorization, offered: null });
  const byProtocol = connect(inProtocols(token));
  expect(await told(byProtocol)).toEqual({ authorization, offered: null });
  expect(byProtocol.protocol).toBe(BEARER);
});

test('subprotocols that are the agent’s own are settled with the agent', async () => {
  const { token, connect } = await useTellingAgent('chat.v2');
  const socket = connect(inProtocols(token, 'chat.v1', 'chat.v2'));
  expect(await told(socket)).toMatchObject({ offered: 'chat.v1, chat.v2' });
  expect(socket.protocol).toBe('chat.v2');
});

test('a web socket without a token, or with a bad one, is 401 with where to get one', async () => {
  const { connect } = await useTellingAgent();
  for (const socket of [connect(), connect(inProtocols('nonsense'))]) {
    const [, { statusCode, headers }] = (await once(socket, 'unexpected-response')) as [
      unknown,
      IncomingMessage,
    ];
    expect(statusCode).toBe(401);
    expect(headers['www-authenticate']).toMatch(/oauth-protected-resource\?qualifier=DEFAULT"/);
  }
});
