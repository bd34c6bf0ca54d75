import { END_OF_ANSWER, type StreamEvent } from '../answer.ts';
import { asMembers, asString, membersOf, type JsonMembers } from '../json.ts';
import { readBlocks } from './blocks.ts';
import { bedrockUsage, createConverse } from './converse.ts';
import type { CreateDialect, Dialect } from './dialect.ts';

/** What happens in an agent on Strands that says nothing to its user; the first are `True`. */
const STEPS = ['init_event_loop', 'start', 'start_event_loop', 'force_stop', 'complete'];
const SILENT = `event_loop_throttled_delay reasoning_signature reasoningRedactedContent
  tool_stream_event tool_cancel_event tool_interrupt_event structured_output`.split(/\s+/);

/**
 * What `stream_async` of Strands gives: the model's own events, the words in them once more, each
 * message when it is complete, and at last the result. Agents pass on all of it or some of it; what
 * was said before is not said again.
 */
export const createStrands: CreateDialect = (shared) => {
  const { tools, tally, growing } = shared;
  const converse = createConverse(shared);
  // Who told the words of the message that is coming, if any were told.
  let teller: 'event' | 'data' | null = null;
  let saidAnything = false;
  let countedCall = false;
  // The tool uses of which the model's own events tell; what is told beside them has their end.
  const toldByEvent = new Set<unknown>();

  function told(by: 'event' | 'data', events: StreamEvent[]): StreamEvent[] {
    if (events.some(({ type }) => type === 'text' || type === 'thinking')) {
      teller ??= by;
      saidAnything = true;
    }
    return events;
  }

  function readEvent(event: JsonMembers): StreamEvent[] | null {
    const events = converse.read(event, undefined);
    if (events === null) return null;
    if ('messageStart' in event) teller = null;
    if ('metadata' in event) countedCall = true;
    for (const one of events) if (one.type === 'tool') toldByEvent.add(one.id);
    return told('event', events);
  }

  function readWords(value: JsonMembers): StreamEvent[] | null {
    const [data, thought] = [asString(value['data']), asString(value['reasoningText'])];
    if (data === null && thought === null) return null;
    if (teller === 'event') return [];
    const text = data === null ? thought! : growing.push(data);
    return told('data', text === '' ? [] : [{ type: data === null ? 'thinking' : 'text', text }]);
  }

  function readToolUse(use: JsonMembers): StreamEvent[] {
    const { toolUseId, name, input } = use;
    const [id, called] = [asString(toolUseId), asString(name)];
    if (id === null || called === null || toldByEvent.has(id)) return [];
    const json = typeof input === 'string' ? input : JSON.stringify(input ?? {});
    // Before its arguments come, it is an empty object.
    return [...tools.start(id, called), ...(json === '{}' ? [] : tools.updateInput(id, json))];
  }

  function readMessage({ role, content, metadata }: JsonMembers): StreamEvent[] {
    const words = role === 'assistant' && teller === null;
    const events = readBlocks(content, tools, { words });
    if (role !== 'assistant') return events;
    const usage = bedrockUsage(membersOf(metadata)['usage']);
    const counted = countedCall ? [] : tally.addCall(usage);
    teller = null;
    countedCall = false;
    saidAnything ||= events.some(({ type }) => type === 'text');
    return [...events, ...counted];
  }

  function readResult(result: JsonMembers): StreamEvent[] | null {
    const message = asMembers(result['message']) ?? ('role' in result ? result : null);
    if (message === null || !('content' in message)) return null;
    return saidAnything
      ? [END_OF_ANSWER]
      : [...readMessage({ role: 'assistant', ...message }), END_OF_ANSWER];
  }

  const dialect: Dialect = {
    read(value, name) {
      const members = asMembers(value);
      if (members === null) return null;
      const { event, message, result, type } = members;
      if (type === 'multiagent_node_stream') return dialect.read(event, name) ?? [];
      if (asString(type)?.startsWith('multiagent_')) return [];
      if (type === 'tool_result' && asMembers(members['tool_result'])) {
        return readBlocks([{ toolResult: members['tool_result'] }], tools, { words: false });
      }
      const inner = asMembers(event);
      if (inner) return readEvent(inner);
      const use = asMembers(members['current_tool_use']);
      if (use) return readToolUse(use);
      const words = readWords(members);
      if (words) return words;
      const said = asMembers(message);
      if (type === 'agent_result') return readResult(members);
      if (said && 'role' in said && 'content' in said) return readMessage(said);
      if (asMembers(result)) return readResult(membersOf(result));
      return isSilent(members) ? [] : null;
    },
  };
  return dialect;
};

function isSilent(members: JsonMembers): boolean {
  if (STEPS.some((key) => members[key] === true) || SILENT.some((key) => key in members))
    return true;
  return 'citation' in members && 'delta' in members;
}
