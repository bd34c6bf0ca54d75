import { END_OF_ANSWER, type StreamEvent } from '../answer.ts';
import {
  asMembers,
  asNumber,
  asString,
  readElements,
  readMembers,
  type JsonMembers,
} from '../json.ts';
import { prettyJson, resultText, textOnly } from '../text.ts';
import { readBlocks } from './blocks.ts';
import type { CreateDialect } from './dialect.ts';

/** Events of OpenAI's Responses API, or a whole response. Streamed text is not shown again. */
export const createOpenAiResponses: CreateDialect = ({ tools, usageTotal }) => {
  /** Ids of the items whose text was streamed. */
  const streamed = new Set<unknown>();
  /** Tool use ids by item. */
  const uses = new Map<unknown, string>();

  function readDelta(type: 'text' | 'thinking', event: JsonMembers): StreamEvent[] {
    const text = asString(event['delta']);
    streamed.add(event['item_id']);
    return text === null || text === '' ? [] : [{ type, text }];
  }

  function readCall(item: JsonMembers, isDone: boolean): StreamEvent[] {
    const id = readCallId(item) ?? asString(item['id']) ?? tools.newId();
    const name = asString(item['name']) ?? readType(item).replace(/_call$/, '');
    uses.set(item['id'], id);
    if (!isDone) return tools.start(id, name);
    const { arguments: json, input, code, action, error, output, outputs } = item;
    const started = tools.addUse(id, name, json ?? input ?? code ?? action);
    const failure = textOnly(error);
    if (failure !== undefined) {
      return [...started, ...tools.addResult(id, { text: failure, failed: true })];
    }
    const result = output ?? outputs ?? null;
    return result === null ? started : [...started, ...readResult(id, result)];
  }

  function readResult(id: string, output: unknown): StreamEvent[] {
    return tools.addResult(id, { text: textOnly(output) ?? resultText(output), failed: false });
  }

  /** Reads a complete item. */
  function readItem(item: JsonMembers): StreamEvent[] {
    const type = readType(item);
    if (type === 'message') return streamed.has(item['id']) ? [] : readMessage(item);
    if (type === 'reasoning') return streamed.has(item['id']) ? [] : readThoughts(item);
    if (type === 'function_call_output' || type === 'function_call_result') {
      return readResult(readCallId(item) ?? tools.newId(), item['output']);
    }
    return type.endsWith('_call') ? readCall(item, true) : [];
  }

  function readMessage(item: JsonMembers): StreamEvent[] {
    streamed.add(item['id']);
    const blocks = readElements(item['content']).map((block) => {
      const { refusal } = readMembers(block);
      return typeof refusal === 'string' ? { text: refusal } : block;
    });
    return readBlocks(blocks, tools, { includeText: item['role'] === 'assistant' });
  }

  function readThoughts(item: JsonMembers): StreamEvent[] {
    streamed.add(item['id']);
    const blocks = [...readElements(item['summary']), ...readElements(item['content'])];
    const text = blocks.flatMap((block) => asString(readMembers(block)['text']) ?? []).join('\n\n');
    return text === '' ? [] : [{ type: 'thinking', text }];
  }

  function readResponse(response: JsonMembers): StreamEvent[] {
    const { id, output, usage, error, incomplete_details: incomplete } = response;
    const { input_tokens: inputCount, output_tokens: outputCount } = readMembers(usage);
    const [inputTokens, outputTokens] = [asNumber(inputCount), asNumber(outputCount)];
    return [
      ...readElements(output).flatMap((item) => readItem(readMembers(item))),
      ...(inputTokens === null || outputTokens === null
        ? []
        : usageTotal.setCall(asString(id) ?? '', { inputTokens, outputTokens })),
      ...readIncomplete(asString(readMembers(incomplete)['reason'])),
      ...readFailure(asMembers(error)),
      // After a function call the model continues with the result.
      ...(readElements(output).some((item) => isFunction(readMembers(item)))
        ? []
        : [END_OF_ANSWER]),
    ];
  }

  return {
    read(value) {
      const event = asMembers(value);
      if (event === null) return null;
      if (event['object'] === 'response' && 'output' in event) return readResponse(event);
      const type = asString(event['type']);
      if (type === null || !type.startsWith('response.')) return null;
      switch (type) {
        case 'response.output_text.delta':
        case 'response.refusal.delta':
          return readDelta('text', event);
        case 'response.reasoning_summary_text.delta':
        case 'response.reasoning_text.delta':
          return readDelta('thinking', event);
        case 'response.reasoning_summary_part.added':
          return event['summary_index'] === 0 ? [] : [{ type: 'thinking', text: '\n\n' }];
        case 'response.output_item.added': {
          const item = readMembers(event['item']);
          return readType(item).endsWith('_call') ? readCall(item, false) : [];
        }
        case 'response.output_item.done':
          return readItem(readMembers(event['item']));
        case 'response.completed':
        case 'response.incomplete':
        case 'response.failed':
          return readResponse(readMembers(event['response']));
        default: {
          // Each kind of tool has its own name for pieces of its input.
          const use = /_call\w*\.delta$/.test(type) ? uses.get(event['item_id']) : undefined;
          return use === undefined ? [] : tools.appendInput(use, asString(event['delta']) ?? '');
        }
      }
    },
  };
};

function isFunction({ type }: JsonMembers): boolean {
  return type === 'function_call' || type === 'custom_tool_call';
}

function readType(item: JsonMembers): string {
  return asString(item['type']) ?? '';
}

function readCallId(item: JsonMembers): string | null {
  return asString(item['call_id']) ?? asString(item['callId']);
}

function readIncomplete(reason: string | null): StreamEvent[] {
  if (reason === null) return [];
  return reason === 'content_filter'
    ? [{ type: 'guardrail', text: 'The content was filtered.' }]
    : [{ type: 'notice', text: `The model’s answer is incomplete: ${reason}.` }];
}

function readFailure(error: JsonMembers | null): StreamEvent[] {
  if (error === null) return [];
  const name = asString(error['code']) ?? 'response.failed';
  return [
    {
      type: 'failure',
      failure: { name, message: asString(error['message']) ?? prettyJson(error) },
    },
  ];
}
