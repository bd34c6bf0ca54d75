import type { Usage } from '../../../shared/chat/answer.ts';
import { END_OF_ANSWER, type StreamEvent } from '../answer.ts';
import { asMembers, asNumber, asString, readMembers, type JsonMembers } from '../json.ts';
import type { CreateDialect } from './dialect.ts';

/** Stop reasons of guardrails and filters. */
const INTERVENTIONS = new Map<unknown, string>([
  ['guardrail_intervened', 'A guardrail intervened.'],
  ['content_filtered', 'The content was filtered.'],
]);

/** Events of Bedrock's ConverseStream. Each is an object with one member. */
export const createConverse: CreateDialect = ({ tools, usageTotal }) => {
  /** Tool use ids by content block. Each message counts its blocks from 0. */
  let uses = new Map<unknown, string>();

  function readDelta(delta: JsonMembers, block: unknown): StreamEvent[] {
    const text = asString(delta['text']);
    if (text !== null) return text === '' ? [] : [{ type: 'text', text }];
    const thought = asString(readMembers(delta['reasoningContent'])['text']);
    if (thought !== null) return thought === '' ? [] : [{ type: 'thinking', text: thought }];
    const json = asString(readMembers(delta['toolUse'])['input']);
    const id = uses.get(block);
    return json !== null && id !== undefined ? tools.appendInput(id, json) : [];
  }

  function readStart(start: JsonMembers, block: unknown): StreamEvent[] {
    const { toolUseId, name } = readMembers(start['toolUse']);
    const [id, toolName] = [asString(toolUseId), asString(name)];
    if (id === null || toolName === null) return [];
    uses.set(block, id);
    return tools.start(id, toolName);
  }

  return {
    read(value) {
      const event = asMembers(value);
      if (event === null) return null;
      const [name = '', more] = Object.keys(event);
      const body = asMembers(event[name]);
      if (more !== undefined || body === null) return null;
      switch (name) {
        case 'messageStart':
          uses = new Map();
          return [];
        case 'contentBlockStart':
          return readStart(readMembers(body['start']), body['contentBlockIndex']);
        case 'contentBlockDelta':
          return readDelta(readMembers(body['delta']), body['contentBlockIndex']);
        case 'contentBlockStop':
          return [];
        case 'messageStop': {
          const text = INTERVENTIONS.get(body['stopReason']);
          const guardrail: StreamEvent[] = text === undefined ? [] : [{ type: 'guardrail', text }];
          return body['stopReason'] === 'tool_use' ? guardrail : [...guardrail, END_OF_ANSWER];
        }
        case 'metadata':
          return usageTotal.addCall(bedrockUsage(body['usage']));
        default:
          if (!name.endsWith('Exception')) return null;
          return [
            { type: 'failure', failure: { name, message: asString(body['message']) ?? name } },
          ];
      }
    },
  };
};

/** Bedrock's token counts. */
export function bedrockUsage(usage: unknown): Usage {
  const { inputTokens, outputTokens } = readMembers(usage);
  const [input, output] = [asNumber(inputTokens), asNumber(outputTokens)];
  return {
    ...(input !== null && { inputTokens: input }),
    ...(output !== null && { outputTokens: output }),
  };
}
