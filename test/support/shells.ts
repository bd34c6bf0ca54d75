import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { TestEmulator } from './emulator.ts';
import { eventually } from './eventually.ts';

/** A client of an interactive shell that records everything it receives. */
export interface ShellClient {
  readonly socket: WebSocket;
  /** Response headers of the WebSocket upgrade. */
  readonly headers: IncomingMessage['headers'];
  /** The first frame, which confirms the connection. */
  readonly confirmed: Record<string, unknown>;
  /** Returns the shell's output so far. */
  shown(): string;
  /** Returns the platform's stderr and status messages so far. */
  platformMessages(): readonly string[];
  /** Resolves when the output contains the text. */
  waitForOutput(text: string): Promise<void>;
  type(text: string): void;
  send(channel: number, payload?: string): void;
  /** Resolves to the close code and reason. */
  readonly closed: Promise<string>;
}

/** Returns a command line whose output differs from the echo of what was typed. */
export const echoCommand = (expression: string) => `echo "<<"${expression}">>"\r`;

/** Connects to a session's shell. The connection is closed when the test ends. */
export async function connectShell(
  { url, agent }: Pick<TestEmulator, 'url' | 'agent'>,
  sessionId: string,
  query = '',
): Promise<ShellClient> {
  const path = `/runtimes/${encodeURIComponent(agent.arn)}/ws/shells${query}`;
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, {
    headers: { 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id': sessionId },
  });
  onTestFinished(() => socket.terminate());
  const said: string[] = [];
  let shown = '';
  let heartbeats = 0;
  socket.on('message', (data: Buffer) => {
    const text = data.toString('utf8', 1);
    if (data[0] === 1) shown += text;
    else if (data[0] === 5) said.push(`heartbeat ${(heartbeats += 1)}`);
    else said.push(data[0] === 0xff ? 'close' : text);
  });
  const closed = once(socket, 'close').then(([code, why]) => `${code} ${String(why)}`.trim());
  closed.catch(() => {});
  const upgraded = once(socket, 'upgrade') as Promise<[IncomingMessage]>;
  upgraded.catch(() => {});
  const refused = once(socket, 'unexpected-response').then(async ([, answer]) => {
    let body = '';
    for await (const chunk of answer as IncomingMessage) body += String(chunk);
    const { statusCode, headers } = answer as IncomingMessage;
    throw new Error(`${statusCode} ${String(headers['x-amzn-errortype'])}: ${body}`);
  });
  refused.catch(() => {});
  const [{ headers }] = await Promise.race([upgraded, refused]);
  await eventually(() => {
    if (said.length === 0) throw new Error('The connection was not confirmed.');
  });
  const send = (channel: number, payload = '') =>
    socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(payload)]));
  return {
    socket,
    headers,
    confirmed: JSON.parse(said.shift()!) as Record<string, unknown>,
    shown: () => shown,
    platformMessages: () => said,
    waitForOutput: (text) =>
      eventually(() => {
        if (!shown.includes(text)) throw new Error(`The shell's output is: ${shown.slice(-2_000)}`);
      }),
    type: (text) => send(0, text),
    send,
    closed,
  };
}
