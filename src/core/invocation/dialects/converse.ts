import type { Usage } from '../../../shared/chat/answer.ts';
import { END_OF_ANSWER, type StreamEvent } from '../answer.ts';
import { asMembers, asNumber, asString, membersOf, type JsonMembers } from '../json.ts';
import type { CreateDialect } from './dialect.ts';

/** Why a model's message ended, where a guardrail or a filter ended it. */
const INTERVENTIONS = new Map<unknown, string>([
  ['guardrail_intervened', 'A guardrail intervened.'],
  ['content_filtered', 'The content was filtered.'],
]);

/** Events of Bedrock's ConverseStream, which are objects of one member. */
export const createConverse: CreateDialect = ({ tools, tally }) => {
  // Which tool use a content block is; a message's blocks are counted anew.
  let uses = new Map<unknown, string>();

  function readDelta(delta: JsonMembers, block: unknown): StreamEvent[] {
    const text = asString(delta['text']);
    if (text !== null) return text === '' ? [] : [{ type: 'text', text }];
    const thought = asString(membersOf(delta['reasoningContent'])['text']);
    if (thought !== null) return thought === '' ? [] : [{ type: 'thinking', text: thought }];
    const json = asString(membersOf(delta['toolUse'])['input']);
    const id = uses.get(block);
    return json !== null && id !== undefined ? tools.appendInput(id, json) : [];
  }

  function readStart(start: JsonMembers, block: unknown): StreamEvent[] {
    const { toolUseId, name } = membersOf(start['toolUse']);
    const [id, called] = [asString(toolUseId), asString(name)];
    if (id === null || called === null) return [];
    uses.set(block, id);
    return tools.start(id, called);
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
          return readStart(membersOf(body['start']), body['contentBlockIndex']);
        case 'contentBlockDelta':
          return readDelta(membersOf(body['delta']), body['contentBlockIndex']);
        case 'contentBlockStop':
          return [];
        case 'messageStop': {
          const text = INTERVENTIONS.get(body['stopReason']);
          const guardrail: StreamEvent[] = text === undefined ? [] : [{ type: 'guardrail', text }];
          return body['stopReason'] === 'tool_use' ? guardrail : [...guardrail, END_OF_ANSWER];
        }
        case 'metadata':
          return tally.addCall(bedrockUsage(body['usage']));
        default:
          if (!name.endsWith('Exception')) return null;
          return [
            { type: 'failure', failure: { name, message: asString(body['message']) ?? name } },
          ];
      }
    },
  };
};

/** Tokens as Bedrock counts them. */
export function bedrockUsage(usage: unknown): Usage {
  const { inputTokens, outputTokens } = membersOf(usage);
  const [read, written] = [asNumber(inputTokens), asNumber(outputTokens)];
  return {
    ...(read !== null && { inputTokens: read }),
    ...(written !== null && { outputTokens: written }),
  };
}
