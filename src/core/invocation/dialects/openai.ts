import { END_OF_ANSWER, type StreamEvent } from '../answer.ts';
import { asMembers, asNumber, asString, elementsOf, membersOf, type JsonMembers } from '../json.ts';
import type { CreateDialect } from './dialect.ts';

/** Chunks of OpenAI's Chat Completions, which many model servers send, or a whole completion. */
export const createOpenAi: CreateDialect = ({ tools, usageTotal }) => {
  const uses = new Map<unknown, string>();

  function readCall(call: unknown): StreamEvent[] {
    const { index, id, function: called } = membersOf(call);
    const { name, arguments: json } = membersOf(called);
    const firstId = asString(id);
    const started = firstId === null ? [] : tools.start(firstId, asString(name) ?? 'tool');
    if (firstId !== null) uses.set(index, firstId);
    const use = uses.get(index);
    return use === undefined
      ? started
      : [...started, ...tools.appendInput(use, asString(json) ?? '')];
  }

  function readChoice(choice: unknown): StreamEvent[] {
    const { delta, message, finish_reason: reason } = membersOf(choice);
    const part: JsonMembers = asMembers(delta) ?? membersOf(message);
    const thought = asString(part['reasoning_content']) || asString(part['reasoning']);
    const text = asString(part['content']) || asString(part['refusal']);
    return [
      ...(thought ? [{ type: 'thinking', text: thought } as const] : []),
      ...(text ? [{ type: 'text', text } as const] : []),
      ...elementsOf(part['tool_calls']).flatMap(readCall),
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
      const { choices, usage, id } = membersOf(chunk);
      const { prompt_tokens: input, completion_tokens: output } = membersOf(usage);
      const [inputTokens, outputTokens] = [asNumber(input), asNumber(output)];
      return [
        ...elementsOf(choices).flatMap(readChoice),
        ...(inputTokens === null || outputTokens === null
          ? []
          : usageTotal.setCall(asString(id) ?? '', { inputTokens, outputTokens })),
      ];
    },
  };
};
