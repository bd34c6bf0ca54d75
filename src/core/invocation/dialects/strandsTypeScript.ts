import { END_OF_ANSWER, type StreamEvent } from '../answer.ts';
import { asMembers, asString, readMembers, type JsonMembers } from '../json.ts';
import { readBlocks } from './blocks.ts';
import { bedrockUsage } from './converse.ts';
import type { CreateDialect, Dialect } from './dialect.ts';

/** Stop reasons of guardrails and filters. */
const INTERVENTIONS = new Map<unknown, string>([
  ['guardrailIntervened', 'A guardrail intervened.'],
  ['contentFiltered', 'The content was filtered.'],
  ['refusal', 'The model refused to answer.'],
]);

/** Events without content for the user. */
const SILENT =
  /^(?:initialized|beforeInvocation|afterInvocation|beforeModelCall|afterModelCall|beforeTools|beforeToolCall|toolStreamUpdate|multiAgentInitialized|beforeMultiAgentInvocation|afterMultiAgentInvocation|beforeNodeCall|afterNodeCall|nodeResult|multiAgentHandoff|multiAgentResult)Event$/;

/**
 * Stream of `stream` of Strands for TypeScript: the model's events, each complete block and message,
 * and the result. Agents forward all or some of it. Repeated text is not shown again.
 */
export const createStrandsTypeScript: CreateDialect = ({ tools, usageTotal }) => {
  let use: string | null = null;
  /** Text of the current block, and of the current message, was shown. */
  let hasBlockText = false;
  let hasMessageText = false;
  /** Keys of the messages that were read. The same message is sent up to three times. */
  const knownMessages = new Set<string>();
  let isCounted = false;

  function count(usage: unknown): StreamEvent[] {
    return usageTotal.addCall(bedrockUsage(usage));
  }

  function readDelta({ type, text, input }: JsonMembers): StreamEvent[] {
    const json = asString(input);
    if (json !== null) return use === null ? [] : tools.appendInput(use, json);
    const delta = asString(text);
    if (delta === null || delta === '') return [];
    hasBlockText = true;
    hasMessageText = true;
    return [{ type: type === 'reasoningContentDelta' ? 'thinking' : 'text', text: delta }];
  }

  function readModel(event: JsonMembers): StreamEvent[] {
    switch (event['type']) {
      case 'modelMessageStartEvent':
        [hasBlockText, hasMessageText, isCounted] = [false, false, false];
        return [];
      case 'modelContentBlockStartEvent': {
        const { toolUseId, name } = readMembers(event['start']);
        use = asString(toolUseId);
        return use === null ? [] : tools.start(use, asString(name) ?? 'tool');
      }
      case 'modelContentBlockDeltaEvent':
        return readDelta(readMembers(event['delta']));
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
        const { replaceContent } = readMembers(outputRedaction ?? inputRedaction);
        return [{ type: 'guardrail', text: asString(replaceContent) ?? 'A guardrail intervened.' }];
      }
      default:
        return [];
    }
  }

  function readBlock(block: unknown): StreamEvent[] {
    const events = readBlocks([block], tools, { includeText: !hasBlockText });
    hasBlockText = false;
    hasMessageText ||= events.some(({ type }) => type === 'text' || type === 'thinking');
    return events;
  }

  function readMessage({ role, content, trackingId, metadata }: JsonMembers): StreamEvent[] {
    if (role !== 'assistant') return readBlocks(content, tools, { includeText: false });
    const key = asString(trackingId) ?? JSON.stringify(content);
    const isKnown = knownMessages.has(key);
    const events = readBlocks(content, tools, { includeText: !hasMessageText && !isKnown });
    const usage = readMembers(metadata)['usage'];
    const usageEvents = isKnown || isCounted || usage === undefined ? [] : count(usage);
    knownMessages.add(key);
    if (!isKnown) [hasMessageText, isCounted] = [false, false];
    return [...events, ...usageEvents];
  }

  const dialect: Dialect = {
    read(value) {
      const event = asMembers(value);
      const type = asString(event?.['type']);
      if (event === null || type === null) return null;
      switch (type) {
        case 'modelStreamUpdateEvent':
          return readModel(readMembers(event['event']));
        case 'contentBlockEvent':
          return readBlock(event['contentBlock']);
        case 'modelMessageEvent':
        case 'messageAddedEvent':
          return readMessage(readMembers(event['message']));
        case 'toolResultEvent':
        case 'afterToolCallEvent':
          return readBlocks([event['result']], tools, { includeText: false });
        case 'afterToolsEvent':
          return readMessage(readMembers(event['message']));
        case 'nodeStreamUpdateEvent':
          return dialect.read(event['event'], undefined) ?? [];
        case 'interruptEvent':
          return [{ type: 'notice', text: describeInterrupt(readMembers(event['interrupt'])) }];
        case 'agentResultEvent':
          return [
            ...readMessage(readMembers(readMembers(event['result'])['lastMessage'])),
            END_OF_ANSWER,
          ];
        case 'agentResult':
          return [...readMessage(readMembers(event['lastMessage'])), END_OF_ANSWER];
        default:
          if (/^model[A-Z]\w+Event$/.test(type)) return readModel(event);
          return SILENT.test(type) ? [] : null;
      }
    },
  };
  return dialect;
};

function describeInterrupt({ name, reason }: JsonMembers): string {
  const why = asString(reason);
  return `The agent is waiting for input: ${asString(name) ?? 'interrupt'}${why === null ? '' : ` (${why})`}`;
}
