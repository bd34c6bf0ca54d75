import { END_OF_ANSWER, type StreamEvent } from '../answer.ts';
import { asMembers, asNumber, asString, elementsOf, membersOf, type JsonMembers } from '../json.ts';
import type { CreateDialect } from './dialect.ts';

/** Chunks of OpenAI's chat completions, which many servers of models speak, and a completion whole. */
export const createOpenAi: CreateDialect = ({ tools, tally }) => {
  const uses = new Map<unknown, string>();

  function readCall(call: unknown): StreamEvent[] {
    const { index, id, function: called } = membersOf(call);
    const { name, arguments: json } = membersOf(called);
    const given = asString(id);
    const begun = given === null ? [] : tools.start(given, asString(name) ?? 'tool');
    if (given !== null) uses.set(index, given);
    const use = uses.get(index);
    return use === undefined ? begun : [...begun, ...tools.appendInput(use, asString(json) ?? '')];
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
      const { prompt_tokens: read, completion_tokens: written } = membersOf(usage);
      const [inputTokens, outputTokens] = [asNumber(read), asNumber(written)];
      return [
        ...elementsOf(choices).flatMap(readChoice),
        ...(inputTokens === null || outputTokens === null
          ? []
          : tally.setCall(asString(id) ?? '', { inputTokens, outputTokens })),
      ];
    },
  };
};
