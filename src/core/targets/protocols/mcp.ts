import * as z from 'zod';
import type { Tool } from '../../../shared/tools.ts';
import type { McpSession } from '../../agents/invocation.ts';
import { readToolCall } from '../../agents/toolCall.ts';
import { peekBody, readBody } from './body.ts';
import { resultOf } from './jsonRpc.ts';
import type { CreateProtocolClient } from '../../agents/protocolClient.ts';

/** The newest version that AgentCore's guide names; a server may answer with an older one. */
const PROTOCOL_VERSION = '2025-06-18';

/** A server that lists more pages than these does not end. */
const MOST_PAGES = 100;

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

/** The Model Context Protocol: what is said to an agent is a tool's name and its arguments. */
export const mcp: CreateProtocolClient = ({ invoke }) => {
  // Of the session that was last talked to.
  let agreed: { readonly sessionId: string; readonly with: McpSession } | null = null;

  async function agree(sessionId: string, signal: AbortSignal): Promise<McpSession> {
    if (agreed?.sessionId === sessionId) return agreed.with;
    const params = {
      protocolVersion: PROTOCOL_VERSION,
      capabilities: {},
      clientInfo: { name: 'agentcore-workbench', version: '1' },
    };
    const payload = request('initialize', 'initialize', params);
    const reply = await invoke({ sessionId, payload }, signal);
    const { protocolVersion } = initialized.parse(await resultOf(reply, 'initialize'));
    const agreement = { protocolVersion, sessionId: reply.mcpSessionId };
    const notice = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const { body } = await invoke({ sessionId, payload: notice, mcp: agreement }, signal);
    await readBody(body);
    agreed = { sessionId, with: agreement };
    return agreement;
  }

  return {
    async send({ sessionId, text, turn, onSent }, signal) {
      const { name, input } = readToolCall(text);
      const payload = request(turn, 'tools/call', { name, arguments: input });
      const call = async () =>
        invoke({ sessionId, payload, onSent, mcp: await agree(sessionId, signal) }, signal);
      const wasAgreed = agreed?.sessionId === sessionId;
      const answer = await call();
      if (!wasAgreed || !answer.contentType.startsWith('application/json')) return answer;
      // Since then the session may have begun anew, on another machine.
      const { start, body } = await peekBody(answer.body);
      if (!isUnknownSession(start)) return { ...answer, body };
      agreed = null;
      return call();
    },

    async listTools(sessionId, signal) {
      // Whoever asks for them anew may have a server that has forgotten its session.
      agreed = null;
      const agreement = await agree(sessionId, signal);
      const tools: Tool[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const payload = request('tools', 'tools/list', { cursor });
        const answer = await invoke({ sessionId, payload, mcp: agreement }, signal);
        const read = toolsPage.parse(await resultOf(answer, 'tools'));
        tools.push(...read.tools);
        cursor = read.nextCursor;
        if (cursor === undefined) return tools;
      }
      throw new Error(`tools/list has more than ${MOST_PAGES} pages`);
    },
  };
};

/**
 * A server refuses a session that it does not know with 404, the SDK's own examples with 400, which
 * AgentCore passes on like this. No tool was used then.
 */
function isUnknownSession(json: string): boolean {
  return /"code":\s*-32010\b/.test(json) && /\(40[04]\)/.test(json);
}

function request(id: string, method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}
