import * as z from 'zod';
import type { Tool } from '../../../shared/tools.ts';
import type { McpSession } from '../../agents/invocation.ts';
import { parseToolCall } from '../../agents/toolCall.ts';
import { peekBody, readBody } from './body.ts';
import { readResult } from './jsonRpc.ts';
import type { CreateProtocolClient } from '../../agents/protocolClient.ts';

/** Newest version in AgentCore's guide; a server may negotiate an older one. */
const PROTOCOL_VERSION = '2025-06-18';

/** Limit of pages of a tool list, for a server that repeats them. */
const MAX_PAGES = 100;

const initialized = z.object({ protocolVersion: z.string() });

const toolsPage = z.object({
  tools: z.array(
    z.object({
      name: z.string(),
      title: z.string().optional(),
      description: z.string().optional(),
      inputSchema: z.record(z.string(), z.unknown()),
    }),
  ),
  nextCursor: z.string().optional(),
});

/** The Model Context Protocol: a message is a tool's name and its arguments. */
export const mcp: CreateProtocolClient = ({ invoke }) => {
  let negotiated: McpSession | null = null;

  async function negotiate(sessionId: string, signal: AbortSignal): Promise<McpSession> {
    if (negotiated) return negotiated;
    const params = {
      protocolVersion: PROTOCOL_VERSION,
      capabilities: {},
      clientInfo: { name: 'agentcore-workbench', version: '1' },
    };
    const payload = request('initialize', 'initialize', params);
    const reply = await invoke({ sessionId, payload }, signal);
    const { protocolVersion } = initialized.parse(await readResult(reply, 'initialize'));
    const mcp = { protocolVersion, sessionId: reply.mcpSessionId };
    const notice = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const { body } = await invoke({ sessionId, payload: notice, mcp }, signal);
    await readBody(body);
    return (negotiated = mcp);
  }

  return {
    async send({ sessionId, text, turn, onSent }, signal) {
      const { name, input } = parseToolCall(text);
      const payload = request(turn, 'tools/call', { name, arguments: input });
      const call = async () =>
        invoke({ sessionId, payload, onSent, mcp: await negotiate(sessionId, signal) }, signal);
      const wasNegotiated = negotiated !== null;
      const answer = await call();
      if (!wasNegotiated || !answer.contentType.startsWith('application/json')) return answer;
      // The session may run on a new machine, whose server has no MCP session.
      const { start, body } = await peekBody(answer.body);
      if (!isUnknownSession(start)) return { ...answer, body };
      negotiated = null;
      return call();
    },

    async listTools(sessionId, signal) {
      // The server may have forgotten its session since the last list.
      negotiated = null;
      const mcp = await negotiate(sessionId, signal);
      const tools: Tool[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const payload = request('tools', 'tools/list', { cursor });
        const answer = await invoke({ sessionId, payload, mcp }, signal);
        const read = toolsPage.parse(await readResult(answer, 'tools'));
        tools.push(...read.tools);
        cursor = read.nextCursor;
        if (cursor === undefined) return tools;
      }
      throw new Error(`tools/list returned more than ${MAX_PAGES} pages.`);
    },
  };
};

/**
 * True for the rejection of an unknown MCP session: 404 by the protocol, 400 in the SDK's examples, in
 * AgentCore's form. No tool was called then.
 */
function isUnknownSession(json: string): boolean {
  return /"code":\s*-32010\b/.test(json) && /\(40[04]\)/.test(json);
}

function request(id: string, method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}
