import type { StreamEvent } from '../answer.ts';
import { asMembers, asNumber, asString, readMembers } from '../json.ts';
import { prettyJson, resultText, textOnly } from '../text.ts';
import type { CreateDialect } from './dialect.ts';
import { contentEvents } from './mcpContent.ts';

/** JSON-RPC responses: results of MCP tools, and errors of any protocol over JSON-RPC. */
export const createJsonRpc: CreateDialect = () => ({
  read(value) {
    const answer = asMembers(value);
    if (answer?.['jsonrpc'] !== '2.0') return null;
    const error = asMembers(answer['error']);
    if (error) {
      const name = `JSON-RPC error ${asNumber(error['code']) ?? ''}`.trim();
      return failed(name, asString(error['message']) ?? prettyJson(error));
    }
    // Notifications, such as progress and log messages.
    if ('method' in answer) return [];
    const { result } = answer;
    const { content, structuredContent, isError } = readMembers(result);
    if (content === undefined) {
      const text = textOnly(result) ?? prettyJson(result ?? null);
      if (isError === true) return failed('The tool failed', text);
      return text === '' ? [] : [{ type: 'text', text }];
    }
    return isError === true
      ? failed('The tool failed', resultText(content) || resultText(structuredContent))
      : contentEvents(content, structuredContent);
  },
});

function failed(name: string, message: string): StreamEvent[] {
  return [{ type: 'failure', failure: { name, message } }];
}
