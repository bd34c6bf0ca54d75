import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  StreamableHTTPClientTransport,
  type StreamableHTTPClientTransportOptions,
} from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';
import type { AgentSummary } from '../../src/shared/emulator.ts';

/**
 * What a server of MCP is in all tests: `tools` is code that has `server`, `say(value)` and `calls`,
 * the tool calls so far on this machine.
 */
function server(tools: string): string {
  return `
    import { randomUUID } from 'node:crypto';
    import express from 'express';
    import { z } from 'zod';
    import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
    import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
    let calls = 0;
    const say = (value) => ({ content: [{ type: 'text', text: JSON.stringify(value) }] });
    function createServer() {
      const server = new McpServer(
        { name: 'test', version: '1' }, { capabilities: { logging: {} } },
      );
      server.registerTool('whoAmI', {}, ({ requestInfo }) => {
        calls += 1;
        return say({ pid: process.pid, calls, headers: requestInfo.headers });
      });
      ${tools}
      return server;
    }
    const app = express().use(express.json());
  `;
}

/** As the SDK's own example of a server without sessions. */
export const statelessServer = (tools = ''): string => `${server(tools)}
  app.post('/mcp', async (request, response) => {
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    response.on('close', () => transport.close());
    await createServer().connect(transport);
    await transport.handleRequest(request, response, request.body);
  });
  app.all('/mcp', (request, response) => response.status(405).json(
    { jsonrpc: '2.0', id: null, error: { code: -32000, message: 'Method not allowed.' } }));
  app.listen(8000, '0.0.0.0');
`;

/** As the SDK's own example of a server with sessions. */
export const statefulServer = (tools = ''): string => `${server(tools)}
  const transports = new Map();
  app.all('/mcp', async (request, response) => {
    let transport = transports.get(request.headers['mcp-session-id']);
    if (!transport && request.method === 'POST' && request.body?.method === 'initialize') {
      if (request.headers['mcp-session-id']) return refuse(response, 404, 'Session not found');
      transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: () => 'of-the-server-' + randomUUID().slice(0, 8),
        onsessioninitialized: (id) => transports.set(id, transport),
        onsessionclosed: (id) => transports.delete(id),
      });
      await createServer().connect(transport);
    }
    if (!transport) return refuse(response, 400, 'No valid session ID provided');
    if (request.method === 'GET') {
      console.log('stream opened');
      response.on('close', () => console.log('stream closed'));
    }
    await transport.handleRequest(request, response, request.body);
  });
  const refuse = (response, status, message) => response.status(status).json(
    { jsonrpc: '2.0', id: null, error: { code: -32000, message } });
  app.listen(8000, '0.0.0.0');
`;

/** Where a client of MCP finds an agent, as AWS's guide builds it. */
export function mcpUrl({ url }: { url: string }, { arn }: Pick<AgentSummary, 'arn'>): URL {
  return new URL(`${url}/runtimes/${encodeURIComponent(arn)}/invocations?qualifier=DEFAULT`);
}

/** A client of MCP that is connected, and its transport. */
export interface McpClient {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;
  /** Calls a tool of a test's server; what it said. */
  call(tool: string): Promise<Record<string, unknown>>;
}

/** The official client, unmodified; it is closed with the test. */
export async function useMcpClient(
  address: URL,
  options: StreamableHTTPClientTransportOptions = {},
): Promise<McpClient> {
  const client = new Client({ name: 'test', version: '1' }, { capabilities: { elicitation: {} } });
  const transport = new StreamableHTTPClientTransport(address, options);
  onTestFinished(() => client.close());
  await client.connect(transport);
  return {
    client,
    transport,
    async call(name) {
      const { content } = CallToolResultSchema.parse(await client.callTool({ name }));
      const [said] = content;
      if (said?.type !== 'text') throw new Error(`${name} said ${JSON.stringify(content)}`);
      return JSON.parse(said.text) as Record<string, unknown>;
    },
  };
}
