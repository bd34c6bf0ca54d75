import { END_OF_ANSWER, type StreamEvent } from '../answer.ts';
import {
  asMembers,
  asNumber,
  asString,
  readElements,
  readMembers,
  type JsonMembers,
} from '../json.ts';
import { resultText } from '../text.ts';
import type { CreateDialect } from './dialect.ts';

/** Events of AG-UI. */
export const createAgui: CreateDialect = ({ tools, usageTotal }) => {
  /** Ids of the messages whose text was read. */
  const readMessages = new Set<string>();
  let currentCall = '';

  function readText(event: JsonMembers): StreamEvent[] {
    const text = asString(event['delta']);
    readMessages.add(asString(event['messageId']) ?? [...readMessages].at(-1) ?? '');
    return text === null || text === '' ? [] : [{ type: 'text', text }];
  }

  function readCall(event: JsonMembers): StreamEvent[] {
    currentCall = asString(event['toolCallId']) ?? currentCall;
    const name = asString(event['toolCallName']);
    const started = name === null ? [] : tools.start(currentCall, name);
    return [...started, ...tools.appendInput(currentCall, asString(event['delta']) ?? '')];
  }

  function readWholeCall(call: unknown): StreamEvent[] {
    const { id, function: called } = readMembers(call);
    const { name, arguments: json } = readMembers(called);
    return tools.addUse(asString(id) ?? tools.newId(), asString(name) ?? 'tool', json);
  }

  // A snapshot has the whole thread. This answer's messages follow the last prompt.
  function readSnapshot(messages: readonly unknown[]): StreamEvent[] {
    const prompt = messages.findLastIndex((message) => readMembers(message)['role'] === 'user');
    return messages.slice(prompt + 1).flatMap((message): StreamEvent[] => {
      const { id, role, content, toolCalls, toolCallId } = readMembers(message);
      if (role === 'tool') return readResult(asString(toolCallId), content);
      if (role !== 'assistant') return [];
      const messageId = asString(id) ?? '';
      const text = readMessages.has(messageId) ? '' : (asString(content) ?? '');
      readMessages.add(messageId);
      const textEvents: StreamEvent[] = text === '' ? [] : [{ type: 'text', text }];
      return textEvents.concat(readElements(toolCalls).flatMap(readWholeCall));
    });
  }

  function readResult(id: string | null, content: unknown): StreamEvent[] {
    return tools.addResult(id ?? currentCall, { text: resultText(content), failed: false });
  }

  function readUsage(usage: unknown): StreamEvent[] {
    return readElements(usage).flatMap((one, index) => {
      const { inputTokens, outputTokens } = readMembers(one);
      const [input, output] = [asNumber(inputTokens), asNumber(outputTokens)];
      if (input === null || output === null) return [];
      return usageTotal.setCall(`run ${index}`, { inputTokens: input, outputTokens: output });
    });
  }

  return {
    read(value) {
      const event = asMembers(value);
      const type = asString(event?.['type']);
      if (event === null || type === null) return null;
      switch (type) {
        case 'TEXT_MESSAGE_CONTENT':
        case 'TEXT_MESSAGE_CHUNK':
          return readText(event);
        case 'THINKING_TEXT_MESSAGE_CONTENT':
        case 'REASONING_MESSAGE_CONTENT':
        case 'REASONING_MESSAGE_CHUNK': {
          const text = asString(event['delta']);
          return text === null || text === '' ? [] : [{ type: 'thinking', text }];
        }
        case 'TOOL_CALL_START':
        case 'TOOL_CALL_ARGS':
        case 'TOOL_CALL_CHUNK':
          return readCall(event);
        case 'TOOL_CALL_RESULT':
          return readResult(asString(event['toolCallId']), event['content']);
        case 'MESSAGES_SNAPSHOT':
          return readSnapshot(readElements(event['messages']));
        case 'RUN_ERROR':
          return [
            {
              type: 'failure',
              failure: {
                name: asString(event['code']) ?? 'RUN_ERROR',
                message: asString(event['message']) ?? 'The run failed.',
              },
            },
          ];
        case 'RUN_FINISHED':
          return [...readUsage(event['usage']), END_OF_ANSWER];
        default:
          return /^(?:TEXT_MESSAGE|THINKING|REASONING|TOOL_CALL|STATE|ACTIVITY|RUN|STEP|SUBAGENT)_[A-Z_]+$|^(?:RAW|CUSTOM)$/.test(
            type,
          )
            ? []
            : null;
      }
    },
  };
};
