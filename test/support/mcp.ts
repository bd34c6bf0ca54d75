import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  StreamableHTTPClientTransport,
  type StreamableHTTPClientTransportOptions,
} from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';
import type { AgentSummary } from '../../src/shared/emulator.ts';

/**
 * Common source of the MCP servers. The code in `tools` can use `server`, `say(value)` and `calls` (number of tool
 * calls on this machine).
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

/** Source of a stateless server, like the SDK's example. */
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

/** Source of a server with sessions, like the SDK's example. */
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

/** Returns the URL of an agent for MCP clients, built as in AWS's guide. */
export function mcpUrl({ url }: { url: string }, { arn }: Pick<AgentSummary, 'arn'>): URL {
  return new URL(`${url}/runtimes/${encodeURIComponent(arn)}/invocations?qualifier=DEFAULT`);
}

/** A connected MCP client and its transport. */
export interface McpClient {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;
  /** Calls a tool of a test server and parses its result. */
  call(tool: string): Promise<Record<string, unknown>>;
}

/** Connects the unmodified official client. It is closed with the test. */
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
      const [result] = content;
      if (result?.type !== 'text') throw new Error(`${name} returned ${JSON.stringify(content)}`);
      return JSON.parse(result.text) as Record<string, unknown>;
    },
  };
}
