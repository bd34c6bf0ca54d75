import { END_OF_ANSWER, type StreamEvent } from '../answer.ts';
import {
  asMembers,
  asNumber,
  asString,
  readElements,
  readMembers,
  type JsonMembers,
} from '../json.ts';
import { anthropicUsage, createAnthropic } from './anthropic.ts';
import { readBlocks } from './blocks.ts';
import type { CreateDialect } from './dialect.ts';

/**
 * Messages of the Claude Agent SDK, for TypeScript or for Python, whose dataclasses have no `type`. A
 * message that was streamed is not shown again when it arrives whole.
 */
export const createClaudeAgent: CreateDialect = (shared) => {
  const { tools, usageTotal } = shared;
  const anthropic = createAnthropic(shared);
  /** Ids of the messages that were streamed. */
  const streamed = new Set<string>();
  let message = '';
  let hasText = false;

  function readStreamEvent(event: unknown): StreamEvent[] {
    const { type, message: started } = readMembers(event);
    if (type === 'message_start') message = asString(readMembers(started)['id']) ?? '';
    // The end of a message is not the end of the answer, which the result marks.
    const events = (anthropic.read(event, undefined) ?? []).filter((one) => one !== END_OF_ANSWER);
    if (events.some(({ type }) => type === 'text' || type === 'thinking')) {
      streamed.add(message);
      hasText = true;
    }
    return events;
  }

  function readMessage(id: string | null, content: unknown): StreamEvent[] {
    const events = readBlocks(content, tools, { includeText: !streamed.has(id ?? message) });
    hasText ||= events.some(({ type }) => type === 'text');
    return events;
  }

  function readResult(result: JsonMembers): StreamEvent[] {
    const { total_cost_usd: cost, usage, result: text, is_error: failed, subtype } = result;
    const costInDollars = asNumber(cost);
    const usageEvents = usageTotal.setTotal({
      ...anthropicUsage(usage),
      ...(costInDollars !== null && { costInDollars }),
    });
    const name = asString(subtype) ?? 'error';
    if (failed === true || asString(subtype)?.startsWith('error')) {
      const reasons = readElements(result['errors'])
        .flatMap((one) => asString(one) ?? [])
        .join('\n');
      const why = asString(text) || reasons || `The agent ended with ${name}.`;
      return [...usageEvents, { type: 'failure', failure: { name, message: why } }];
    }
    if (hasText || typeof text !== 'string' || text === '') return [...usageEvents, END_OF_ANSWER];
    return [{ type: 'text', text }, ...usageEvents, END_OF_ANSWER];
  }

  return {
    read(value) {
      const members = asMembers(value);
      if (members === null) return null;
      const { type, message: inner, session_id: session, content, model, subtype, event } = members;
      const { id, content: innerContent } = readMembers(inner);
      if (type === 'assistant' && asMembers(inner)) return readMessage(asString(id), innerContent);
      if (type === 'user' && asMembers(inner)) return readResults(innerContent);
      if (type === 'stream_event') return readStreamEvent(event);
      const isResult = 'num_turns' in members && typeof subtype === 'string';
      if (isResult && (type === 'result' || type === undefined)) return readResult(members);
      if (
        session !== undefined &&
        ['system', 'rate_limit_event', 'tool_progress'].includes(asString(type) ?? '')
      ) {
        return [];
      }
      if (type !== undefined) return null;
      // Python's dataclasses.
      if ('session_id' in readMembers(members['data']) && subtype !== undefined) return [];
      if ('rate_limit_info' in members) return [];
      if (typeof readMembers(event)['type'] === 'string' && 'session_id' in members) {
        return readStreamEvent(event);
      }
      if (!('parent_tool_use_id' in members) || content === undefined) return null;
      if (model === undefined) return readResults(content);
      return readMessage(asString(members['message_id']), content);
    },
  };

  // Tool results are messages of the user, and so is the prompt.
  function readResults(content: unknown): StreamEvent[] {
    return typeof content === 'string' ? [] : readBlocks(content, tools, { includeText: false });
  }
};
