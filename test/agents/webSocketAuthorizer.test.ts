import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { sessionId, useEmulator } from '../support/emulator.ts';
import { useProvider } from '../support/provider.ts';
import { sdkAgent, usePythonAgent } from '../support/python.ts';

vi.setConfig({ testTimeout: 60_000 });

const BEARER = 'base64UrlBearerAuthorization';

/** Reports the caller's headers in the subprotocol from the environment. */
const reportingAgent = sdkAgent(`
@app.websocket
async def talk(websocket, context):
    await websocket.accept(subprotocol=os.environ.get("SPEAKS"))
    await websocket.send_json({
        "authorization": websocket.headers.get("authorization"),
        "offered": websocket.headers.get("sec-websocket-protocol"),
    })
`);

async function useReportingAgent(subprotocol?: string) {
  const provider = await useProvider();
  const agent = await usePythonAgent(reportingAgent, {
    authorizer: {
      customJWTAuthorizer: { discoveryUrl: provider.discoveryUrl, allowedAudience: ['me'] },
    },
    headerAllowlist: ['Authorization'],
    environment: subprotocol === undefined ? {} : { SPEAKS: subprotocol },
  });
  const { url, agent: summary } = await useEmulator({ agents: [agent] });
  const path = `/runtimes/${encodeURIComponent(summary.arn)}/ws`;
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

/** The subprotocols that a browser with a token offers. */
function bearerProtocols(token: string, ...others: string[]): string[] {
  return [`${BEARER}.${Buffer.from(token).toString('base64url')}`, BEARER, ...others];
}

async function firstMessage(socket: WebSocket): Promise<unknown> {
  const [message] = (await once(socket, 'message')) as [Buffer];
  return JSON.parse(message.toString());
}

test('a WebSocket passes its token in a header, or in subprotocols as a browser does', async () => {
  const { token, connect } = await useReportingAgent();
  const authorization = `Bearer ${token}`;
  const byHeader = connect([], { authorization });
  expect(await firstMessage(byHeader)).toEqual({ authorization, offered: null });
  const byProtocol = connect(bearerProtocols(token));
  expect(await firstMessage(byProtocol)).toEqual({ authorization, offered: null });
  expect(byProtocol.protocol).toBe(BEARER);
});

test('the agent negotiates its own subprotocols', async () => {
  const { token, connect } = await useReportingAgent('chat.v2');
  const socket = connect(bearerProtocols(token, 'chat.v1', 'chat.v2'));
  expect(await firstMessage(socket)).toMatchObject({ offered: 'chat.v1, chat.v2' });
  expect(socket.protocol).toBe('chat.v2');
});

test('a WebSocket without a valid token gets 401 with the metadata URL', async () => {
  const { connect } = await useReportingAgent();
  for (const socket of [connect(), connect(bearerProtocols('nonsense'))]) {
    const [, { statusCode, headers }] = (await once(socket, 'unexpected-response')) as [
      unknown,
      IncomingMessage,
    ];
    expect(statusCode).toBe(401);
    expect(headers['www-authenticate']).toMatch(/oauth-protected-resource\?qualifier=DEFAULT"/);
  }
});
