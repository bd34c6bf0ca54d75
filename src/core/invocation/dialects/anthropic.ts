import type { Usage } from '../../../shared/chat/answer.ts';
import { END_OF_ANSWER, type StreamEvent } from '../answer.ts';
import { asMembers, asNumber, asString, readMembers, type JsonMembers } from '../json.ts';
import { readBlocks } from './blocks.ts';
import type { CreateDialect } from './dialect.ts';

/** Events of Anthropic's Messages API, or a whole message. */
export const createAnthropic: CreateDialect = ({ tools, usageTotal }) => {
  let uses = new Map<unknown, string>();
  let message = 'message';
  let isStreamed = false;
  /** The current message ends with a tool use, so another message follows. */
  let hasNextMessage = false;

  function readStart(block: JsonMembers, index: unknown): StreamEvent[] {
    const [id, name, type] = [
      asString(block['id']),
      asString(block['name']),
      asString(block['type']),
    ];
    if (id !== null && name !== null && type?.endsWith('tool_use')) {
      uses.set(index, id);
      return tools.start(id, name);
    }
    // Results of Anthropic's server tools are whole blocks.
    return readBlocks([block], tools, { includeText: true });
  }

  function readDelta(delta: JsonMembers, index: unknown): StreamEvent[] {
    isStreamed = true;
    const text = asString(delta['text']);
    if (text !== null) return text === '' ? [] : [{ type: 'text', text }];
    const thought = asString(delta['thinking']);
    if (thought !== null) return thought === '' ? [] : [{ type: 'thinking', text: thought }];
    const use = uses.get(index);
    return use === undefined ? [] : tools.appendInput(use, asString(delta['partial_json']) ?? '');
  }

  return {
    read(value) {
      const event = asMembers(value);
      if (event === null) return null;
      switch (event['type']) {
        case 'message_start': {
          const { id, usage } = readMembers(event['message']);
          if (!asMembers(event['message'])) return null;
          message = asString(id) ?? `${message} +`;
          uses = new Map();
          return usageTotal.setCall(message, anthropicUsage(usage));
        }
        case 'content_block_start':
          return readStart(readMembers(event['content_block']), event['index']);
        case 'content_block_delta':
          return readDelta(readMembers(event['delta']), event['index']);
        case 'message_delta': {
          const { stop_reason: reason } = readMembers(event['delta']);
          hasNextMessage = reason === 'tool_use' || reason === 'pause_turn';
          const refusal: StreamEvent[] =
            reason === 'refusal'
              ? [{ type: 'guardrail', text: 'The model refused to answer.' }]
              : [];
          return [...refusal, ...usageTotal.setCall(message, anthropicUsage(event['usage']))];
        }
        case 'message_stop':
          return hasNextMessage ? [] : [END_OF_ANSWER];
        case 'content_block_stop':
        case 'ping':
          return [];
        case 'error': {
          const { type, message: why } = readMembers(event['error']);
          if (typeof type !== 'string' || typeof why !== 'string') return null;
          return [{ type: 'failure', failure: { name: type, message: why } }];
        }
        case 'message':
          if (event['role'] !== 'assistant' || !Array.isArray(event['content'])) return null;
          return [
            ...readBlocks(event['content'], tools, { includeText: !isStreamed }),
            ...usageTotal.setCall(asString(event['id']) ?? message, anthropicUsage(event['usage'])),
          ];
        // The SDK repeats each delta, with the text so far.
        case 'text':
        case 'thinking':
        case 'input_json':
          return 'snapshot' in event && isStreamed ? [] : null;
        default:
          return null;
      }
    },
  };
};

/** Anthropic's token counts. Tokens read from or written to a cache are input tokens. */
export function anthropicUsage(usage: unknown): Usage {
  const members = readMembers(usage);
  const inputs = ['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'].flatMap(
    (name) => asNumber(members[name]) ?? [],
  );
  const outputTokens = asNumber(members['output_tokens']);
  return {
    ...('input_tokens' in members && {
      inputTokens: inputs.reduce((sum, count) => sum + count, 0),
    }),
    ...(outputTokens !== null && { outputTokens }),
  };
}
