import { END_OF_ANSWER, type StreamEvent } from '../answer.ts';
import {
  asMembers,
  asNumber,
  asString,
  readElements,
  readMembers,
  type JsonMembers,
} from '../json.ts';
import type { CreateDialect } from './dialect.ts';

/** Chunks of OpenAI's Chat Completions, which many model servers send, or a whole completion. */
export const createOpenAi: CreateDialect = ({ tools, usageTotal }) => {
  const uses = new Map<unknown, string>();

  function readCall(call: unknown): StreamEvent[] {
    const { index, id, function: called } = readMembers(call);
    const { name, arguments: json } = readMembers(called);
    const firstId = asString(id);
    const started = firstId === null ? [] : tools.start(firstId, asString(name) ?? 'tool');
    if (firstId !== null) uses.set(index, firstId);
    const use = uses.get(index);
    return use === undefined
      ? started
      : [...started, ...tools.appendInput(use, asString(json) ?? '')];
  }

  function readChoice(choice: unknown): StreamEvent[] {
    const { delta, message, finish_reason: reason } = readMembers(choice);
    const part: JsonMembers = asMembers(delta) ?? readMembers(message);
    const thought = asString(part['reasoning_content']) || asString(part['reasoning']);
    const text = asString(part['content']) || asString(part['refusal']);
    return [
      ...(thought ? [{ type: 'thinking', text: thought } as const] : []),
      ...(text ? [{ type: 'text', text } as const] : []),
      ...readElements(part['tool_calls']).flatMap(readCall),
      ...(reason === 'content_filter'
        ? [{ type: 'guardrail', text: 'The content was filtered.' } as const]
        : []),
      ...(typeof reason === 'string' && !/^(?:tool_calls|function_call)$/.test(reason)
        ? [END_OF_ANSWER]
        : []),
    ];
  }

  return {
    read(value) {
      const chunk = asMembers(value);
      if (!asString(chunk?.['object'])?.startsWith('chat.completion')) return null;
      const { choices, usage, id } = readMembers(chunk);
      const { prompt_tokens: input, completion_tokens: output } = readMembers(usage);
      const [inputTokens, outputTokens] = [asNumber(input), asNumber(output)];
      return [
        ...readElements(choices).flatMap(readChoice),
        ...(inputTokens === null || outputTokens === null
          ? []
          : usageTotal.setCall(asString(id) ?? '', { inputTokens, outputTokens })),
      ];
    },
  };
};
