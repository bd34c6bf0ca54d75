import type { Usage } from '../../../shared/chat.ts';
import type { StreamEvent } from '../answer.ts';
import { asMembers, asNumber, asString, membersOf, type Members } from '../json.ts';
import type { Dialect } from './dialect.ts';

/** Why a model's message ended, where a guardrail or a filter ended it. */
const INTERVENTIONS: Readonly<Record<string, string>> = {
  guardrail_intervened: 'A guardrail intervened.',
  content_filtered: 'The content was filtered.',
};

/** Events of Bedrock's ConverseStream, by themselves or as Strands passes them on, in `event`. */
export function createConverse(): Dialect {
  // Which tool use a content block is; a message's blocks are counted anew.
  let tools = new Map<unknown, string>();
  let usage: Usage = {};

  function readDelta(delta: Members, block: unknown): StreamEvent[] {
    const text = asString(delta['text']);
    if (text !== null) return [{ type: 'text', text }];
    const thought = asString(membersOf(delta['reasoningContent'])['text']);
    if (thought !== null) return [{ type: 'thinking', text: thought }];
    const json = asString(membersOf(delta['toolUse'])['input']);
    const id = tools.get(block);
    return json !== null && id !== undefined ? [{ type: 'toolInput', id, json }] : [];
  }

  function readStart(start: Members, block: unknown): StreamEvent[] {
    const { toolUseId, name } = membersOf(start['toolUse']);
    const [id, called] = [asString(toolUseId), asString(name)];
    if (id === null || called === null) return [];
    tools.set(block, id);
    return [{ type: 'tool', id, name: called }];
  }

  // Each of an agent's calls of its model tells its own.
  function readMetadata(metadata: Members): StreamEvent[] {
    const { inputTokens, outputTokens } = membersOf(metadata['usage']);
    usage = {
      inputTokens: (usage.inputTokens ?? 0) + (asNumber(inputTokens) ?? 0),
      outputTokens: (usage.outputTokens ?? 0) + (asNumber(outputTokens) ?? 0),
    };
    return [{ type: 'usage', usage }];
  }

  function readStop({ stopReason }: Members): StreamEvent[] {
    const text = INTERVENTIONS[asString(stopReason) ?? ''];
    return text === undefined ? [] : [{ type: 'guardrail', text }];
  }

  return {
    read(value) {
      const event = asMembers(value['event']) ?? value;
      const [name = '', more] = Object.keys(event);
      const body = asMembers(event[name]);
      if (more !== undefined || body === null) return null;
      switch (name) {
        case 'messageStart':
          tools = new Map();
          return [];
        case 'contentBlockStart':
          return readStart(membersOf(body['start']), body['contentBlockIndex']);
        case 'contentBlockDelta':
          return readDelta(membersOf(body['delta']), body['contentBlockIndex']);
        case 'contentBlockStop':
          return [];
        case 'messageStop':
          return readStop(body);
        case 'metadata':
          return readMetadata(body);
        default:
          return null;
      }
    },
  };
}
