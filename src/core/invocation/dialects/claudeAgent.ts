import { END_OF_ANSWER, type StreamEvent } from '../answer.ts';
import { asMembers, asNumber, asString, elementsOf, membersOf, type JsonMembers } from '../json.ts';
import { anthropicUsage, createAnthropic } from './anthropic.ts';
import { readBlocks } from './blocks.ts';
import type { CreateDialect } from './dialect.ts';

/**
 * Messages of the Claude Agent SDK, as TypeScript's has them or as the dataclasses of Python's, which
 * have no types. What came in pieces is not said again when its message comes whole.
 */
export const createClaudeAgent: CreateDialect = (shared) => {
  const { tools, tally } = shared;
  const anthropic = createAnthropic(shared);
  // The messages that came in pieces.
  const streamed = new Set<string>();
  let message = '';
  let saidAnything = false;

  function readStreamEvent(event: unknown): StreamEvent[] {
    const { type, message: begun } = membersOf(event);
    if (type === 'message_start') message = asString(membersOf(begun)['id']) ?? '';
    // A message's end is not the answer's, of which the result tells.
    const events = (anthropic.read(event, undefined) ?? []).filter((one) => one !== END_OF_ANSWER);
    if (events.some(({ type }) => type === 'text' || type === 'thinking')) {
      streamed.add(message);
      saidAnything = true;
    }
    return events;
  }

  function readMessage(id: string | null, content: unknown): StreamEvent[] {
    const events = readBlocks(content, tools, { words: !streamed.has(id ?? message) });
    saidAnything ||= events.some(({ type }) => type === 'text');
    return events;
  }

  function readResult(result: JsonMembers): StreamEvent[] {
    const { total_cost_usd: cost, usage, result: text, is_error: failed, subtype } = result;
    const costInDollars = asNumber(cost);
    const took = tally.setTotal({
      ...anthropicUsage(usage),
      ...(costInDollars !== null && { costInDollars }),
    });
    const name = asString(subtype) ?? 'error';
    if (failed === true || asString(subtype)?.startsWith('error')) {
      const reasons = elementsOf(result['errors'])
        .flatMap((one) => asString(one) ?? [])
        .join('\n');
      const why = asString(text) || reasons || `The agent ended with ${name}.`;
      return [...took, { type: 'failure', failure: { name, message: why } }];
    }
    if (saidAnything || typeof text !== 'string' || text === '') return [...took, END_OF_ANSWER];
    return [{ type: 'text', text }, ...took, END_OF_ANSWER];
  }

  return {
    read(value) {
      const members = asMembers(value);
      if (members === null) return null;
      const { type, message: inner, session_id: session, content, model, subtype, event } = members;
      const { id, content: told } = membersOf(inner);
      if (type === 'assistant' && asMembers(inner)) return readMessage(asString(id), told);
      if (type === 'user' && asMembers(inner)) return readResults(told);
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
      if ('session_id' in membersOf(members['data']) && subtype !== undefined) return [];
      if ('rate_limit_info' in members) return [];
      if (typeof membersOf(event)['type'] === 'string' && 'session_id' in members) {
        return readStreamEvent(event);
      }
      if (!('parent_tool_use_id' in members) || content === undefined) return null;
      if (model === undefined) return readResults(content);
      return readMessage(asString(members['message_id']), content);
    },
  };

  // What tools gave back is told as if the user had said it; so is the prompt.
  function readResults(content: unknown): StreamEvent[] {
    return typeof content === 'string' ? [] : readBlocks(content, tools, { words: false });
  }
};
