import { END_OF_ANSWER, type StreamEvent } from '../answer.ts';
import { asMembers, asString, readElements, readMembers, type JsonMembers } from '../json.ts';
import { prettyJson, resultText, textOnly } from '../text.ts';
import { readBlocks } from './blocks.ts';
import { bedrockUsage } from './converse.ts';
import type { CreateDialect } from './dialect.ts';

/**
 * Custom events whose `type`, or name as a server-sent event, is one of `tool_use`,
 * `tool_result`, `guardrail`, `metadata`, `thinking` or `done`.
 */
export const createNamedEvents: CreateDialect = ({ tools, usageTotal, growing }) => {
  let lastToolUse = '';

  function readToolUse(event: JsonMembers): StreamEvent[] {
    const name = asString(event['tool_name']) ?? asString(event['name']) ?? 'tool';
    lastToolUse = toolUseId(event) ?? tools.newId();
    return tools.addUse(lastToolUse, name, event['tool_input'] ?? event['input'] ?? event['args']);
  }

  function readToolResult(event: JsonMembers): StreamEvent[] {
    const text = resultText(event['tool_result'] ?? event['result'] ?? event['content']);
    const failed =
      /^(?:error|failed)$/.test(asString(event['status']) ?? '') || event['is_error'] === true;
    return tools.addResult(
      toolUseId(event) ?? lastToolUse,
      { text, failed },
      asString(event['tool_name']) ?? undefined,
    );
  }

  function readGuardrail(event: JsonMembers): StreamEvent[] {
    const { action, source } = event;
    if (action === 'NONE') return [];
    const where =
      source === 'INPUT' || source === 'OUTPUT' ? ` in the ${source.toLowerCase()}` : '';
    const text = textOnly(event) ?? `A guardrail intervened${where}.`;
    return [{ type: 'guardrail', text }];
  }

  function readUsage(event: JsonMembers): StreamEvent[] {
    return usageTotal.addCall(bedrockUsage(asMembers(event['usage']) ?? event));
  }

  return {
    read(value, name) {
      const event = asMembers(value);
      if (event === null) return null;
      const type = asString(event['type']) ?? name ?? '';
      switch (type) {
        case 'tool_use':
        case 'tool_call':
          return readToolUse(event);
        case 'tool_result':
          return readToolResult(event);
        case 'guardrail':
          return readGuardrail(event);
        case 'thinking':
        case 'reasoning': {
          const text = asString(event['thinking']) ?? asString(event['delta']) ?? textOnly(event);
          return text === undefined ? null : [{ type: 'thinking', text }];
        }
        case 'metadata':
        case 'usage':
          return readUsage(event);
        case 'done':
        case 'end':
        case 'complete':
        case 'completed': {
          const text = growing.push(textOnly(event) ?? '');
          return text === '' ? [END_OF_ANSWER] : [{ type: 'text', text }, END_OF_ANSWER];
        }
        case 'error':
          return [{ type: 'failure', failure: readFailure(event) }];
        default:
          break;
      }
      const keys = Object.keys(event);
      if (keys.every((key) => key === 'usage' || key === 'metrics') && keys.length > 0) {
        return readUsage(event);
      }
      const blocks = readElements(event['content']).map(readMembers);
      const hasTools = blocks.some((block) => 'toolUse' in block || 'toolResult' in block);
      return hasTools ? readBlocks(event['content'], tools, { includeText: true }) : null;
    },
  };
};

function toolUseId(event: JsonMembers): string | null {
  return asString(event['tool_use_id']) ?? asString(event['toolUseId']) ?? asString(event['id']);
}

function readFailure(event: JsonMembers): { name: string; message: string } {
  const { error, error_type: type, message, details } = event;
  const text =
    asString(error) ?? asString(message) ?? textOnly(readMembers(error)) ?? prettyJson(event);
  const more = asString(details);
  return {
    name: asString(type) ?? 'Error in the stream',
    message: more === null || more === '' ? text : `${text}\n${more}`,
  };
}
