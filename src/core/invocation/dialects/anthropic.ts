import type { Usage } from '../../../shared/chat/answer.ts';
import { END_OF_ANSWER, type StreamEvent } from '../answer.ts';
import { asMembers, asNumber, asString, membersOf, type JsonMembers } from '../json.ts';
import { readBlocks } from './blocks.ts';
import type { CreateDialect } from './dialect.ts';

/** Events of Anthropic's messages, and a message of theirs that comes whole. */
export const createAnthropic: CreateDialect = ({ tools, tally }) => {
  let uses = new Map<unknown, string>();
  let message = 'message';
  let isStreamed = false;
  // Whether the message that ends leaves the word to tools.
  let goesOn = false;

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
    // The results of their server's own tools come whole.
    return readBlocks([block], tools, { words: true });
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
          const { id, usage } = membersOf(event['message']);
          if (!asMembers(event['message'])) return null;
          message = asString(id) ?? `${message} +`;
          uses = new Map();
          return tally.setCall(message, anthropicUsage(usage));
        }
        case 'content_block_start':
          return readStart(membersOf(event['content_block']), event['index']);
        case 'content_block_delta':
          return readDelta(membersOf(event['delta']), event['index']);
        case 'message_delta': {
          const { stop_reason: reason } = membersOf(event['delta']);
          goesOn = reason === 'tool_use' || reason === 'pause_turn';
          const refusal: StreamEvent[] =
            reason === 'refusal'
              ? [{ type: 'guardrail', text: 'The model refused to answer.' }]
              : [];
          return [...refusal, ...tally.setCall(message, anthropicUsage(event['usage']))];
        }
        case 'message_stop':
          return goesOn ? [] : [END_OF_ANSWER];
        case 'content_block_stop':
        case 'ping':
          return [];
        case 'error': {
          const { type, message: why } = membersOf(event['error']);
          if (typeof type !== 'string' || typeof why !== 'string') return null;
          return [{ type: 'failure', failure: { name: type, message: why } }];
        }
        case 'message':
          if (event['role'] !== 'assistant' || !Array.isArray(event['content'])) return null;
          return [
            ...readBlocks(event['content'], tools, { words: !isStreamed }),
            ...tally.setCall(asString(event['id']) ?? message, anthropicUsage(event['usage'])),
          ];
        // Their SDK gives each delta a second time, with all that came before it.
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

/** Tokens as Anthropic counts them: what was read from a cache, or put there, was read all the same. */
export function anthropicUsage(usage: unknown): Usage {
  const members = membersOf(usage);
  const read = ['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'].flatMap(
    (name) => asNumber(members[name]) ?? [],
  );
  const written = asNumber(members['output_tokens']);
  return {
    ...('input_tokens' in members && { inputTokens: read.reduce((sum, count) => sum + count, 0) }),
    ...(written !== null && { outputTokens: written }),
  };
}
