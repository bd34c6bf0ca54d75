import { END_OF_ANSWER, type StreamEvent } from '../answer.ts';
import { asMembers, asString, membersOf, type JsonMembers } from '../json.ts';
import { readBlocks } from './blocks.ts';
import { bedrockUsage } from './converse.ts';
import type { CreateDialect, Dialect } from './dialect.ts';

/** Why a model's message ended, where a guardrail or a filter ended it. */
const INTERVENTIONS = new Map<unknown, string>([
  ['guardrailIntervened', 'A guardrail intervened.'],
  ['contentFiltered', 'The content was filtered.'],
  ['refusal', 'The model refused to answer.'],
]);

/** Steps of an agent that say nothing to its user. */
const SILENT =
  /^(?:initialized|beforeInvocation|afterInvocation|beforeModelCall|afterModelCall|beforeTools|beforeToolCall|toolStreamUpdate|multiAgentInitialized|beforeMultiAgentInvocation|afterMultiAgentInvocation|beforeNodeCall|afterNodeCall|nodeResult|multiAgentHandoff|multiAgentResult)Event$/;

/**
 * What `stream` of Strands for TypeScript gives: the model's events, each block and each message when it
 * is complete, and at last the result. Agents pass on all of it or some of it; what was said before is
 * not said again.
 */
export const createStrandsTypeScript: CreateDialect = ({ tools, tally }) => {
  let use: string | null = null;
  // Whether words of the block, or of the message, that is coming have been told.
  let toldOfBlock = false;
  let toldOfMessage = false;
  // Messages are told as the model's, as the conversation's and as the result's.
  const read = new Set<string>();
  let isCounted = false;

  function count(usage: unknown): StreamEvent[] {
    return tally.addCall(bedrockUsage(usage));
  }

  function readDelta({ type, text, input }: JsonMembers): StreamEvent[] {
    const json = asString(input);
    if (json !== null) return use === null ? [] : tools.appendInput(use, json);
    const words = asString(text);
    if (words === null || words === '') return [];
    toldOfBlock = true;
    toldOfMessage = true;
    return [{ type: type === 'reasoningContentDelta' ? 'thinking' : 'text', text: words }];
  }

  function readModel(event: JsonMembers): StreamEvent[] {
    switch (event['type']) {
      case 'modelMessageStartEvent':
        [toldOfBlock, toldOfMessage, isCounted] = [false, false, false];
        return [];
      case 'modelContentBlockStartEvent': {
        const { toolUseId, name } = membersOf(event['start']);
        use = asString(toolUseId);
        return use === null ? [] : tools.start(use, asString(name) ?? 'tool');
      }
      case 'modelContentBlockDeltaEvent':
        return readDelta(membersOf(event['delta']));
      case 'modelMessageStopEvent': {
        const { stopReason: reason } = event;
        const text = INTERVENTIONS.get(reason);
        const guardrail: StreamEvent[] = text === undefined ? [] : [{ type: 'guardrail', text }];
        return reason === 'toolUse' || reason === 'pauseTurn'
          ? guardrail
          : [...guardrail, END_OF_ANSWER];
      }
      case 'modelMetadataEvent':
        isCounted = true;
        return count(event['usage']);
      case 'modelRedactionEvent': {
        const { inputRedaction, outputRedaction } = event;
        const { replaceContent } = membersOf(outputRedaction ?? inputRedaction);
        return [{ type: 'guardrail', text: asString(replaceContent) ?? 'A guardrail intervened.' }];
      }
      default:
        return [];
    }
  }

  function readBlock(block: unknown): StreamEvent[] {
    const events = readBlocks([block], tools, { words: !toldOfBlock });
    toldOfBlock = false;
    toldOfMessage ||= events.some(({ type }) => type === 'text' || type === 'thinking');
    return events;
  }

  function readMessage({ role, content, trackingId, metadata }: JsonMembers): StreamEvent[] {
    if (role !== 'assistant') return readBlocks(content, tools, { words: false });
    const key = asString(trackingId) ?? JSON.stringify(content);
    const isKnown = read.has(key);
    const events = readBlocks(content, tools, { words: !toldOfMessage && !isKnown });
    const usage = membersOf(metadata)['usage'];
    const took = isKnown || isCounted || usage === undefined ? [] : count(usage);
    read.add(key);
    if (!isKnown) [toldOfMessage, isCounted] = [false, false];
    return [...events, ...took];
  }

  const dialect: Dialect = {
    read(value) {
      const event = asMembers(value);
      const type = asString(event?.['type']);
      if (event === null || type === null) return null;
      switch (type) {
        case 'modelStreamUpdateEvent':
          return readModel(membersOf(event['event']));
        case 'contentBlockEvent':
          return readBlock(event['contentBlock']);
        case 'modelMessageEvent':
        case 'messageAddedEvent':
          return readMessage(membersOf(event['message']));
        case 'toolResultEvent':
        case 'afterToolCallEvent':
          return readBlocks([event['result']], tools, { words: false });
        case 'afterToolsEvent':
          return readMessage(membersOf(event['message']));
        case 'nodeStreamUpdateEvent':
          return dialect.read(event['event'], undefined) ?? [];
        case 'interruptEvent':
          return [{ type: 'notice', text: interruptInWords(membersOf(event['interrupt'])) }];
        case 'agentResultEvent':
          return [
            ...readMessage(membersOf(membersOf(event['result'])['lastMessage'])),
            END_OF_ANSWER,
          ];
        case 'agentResult':
          return [...readMessage(membersOf(event['lastMessage'])), END_OF_ANSWER];
        default:
          if (/^model[A-Z]\w+Event$/.test(type)) return readModel(event);
          return SILENT.test(type) ? [] : null;
      }
    },
  };
  return dialect;
};

function interruptInWords({ name, reason }: JsonMembers): string {
  const why = asString(reason);
  return `The agent waits for an answer: ${asString(name) ?? 'interrupt'}${why === null ? '' : `, ${why}`}`;
}
