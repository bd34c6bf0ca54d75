import { END_OF_ANSWER, type StreamEvent } from '../answer.ts';
import { asMembers, asString, readMembers, type JsonMembers } from '../json.ts';
import { readBlocks } from './blocks.ts';
import { bedrockUsage, createConverse } from './converse.ts';
import type { CreateDialect, Dialect } from './dialect.ts';

/** Events without content for the user, whose value is `True`. */
const SILENT_STEPS = ['init_event_loop', 'start', 'start_event_loop', 'force_stop', 'complete'];
/** Members that mark other events without content for the user. */
const SILENT_MEMBERS = `event_loop_throttled_delay reasoning_signature reasoningRedactedContent
  tool_stream_event tool_cancel_event tool_interrupt_event structured_output`.split(/\s+/);

/**
 * Stream of `stream_async` of Strands for Python: the model's events, their text again, each complete
 * message, and the result. Agents forward all or some of it. Repeated text is not shown again.
 */
export const createStrands: CreateDialect = (shared) => {
  const { tools, usageTotal, growing } = shared;
  const converse = createConverse(shared);
  /** Source of the current message's text; null before its first text. */
  let textSource: 'event' | 'data' | null = null;
  let hasText = false;
  let isCounted = false;
  /** Tool uses that the model's events report. Other reports of them are ignored. */
  const toolsFromEvents = new Set<unknown>();

  function noteText(source: 'event' | 'data', events: StreamEvent[]): StreamEvent[] {
    if (events.some(({ type }) => type === 'text' || type === 'thinking')) {
      textSource ??= source;
      hasText = true;
    }
    return events;
  }

  function readEvent(event: JsonMembers): StreamEvent[] | null {
    const events = converse.read(event, undefined);
    if (events === null) return null;
    if ('messageStart' in event) textSource = null;
    if ('metadata' in event) isCounted = true;
    for (const one of events) if (one.type === 'tool') toolsFromEvents.add(one.id);
    return noteText('event', events);
  }

  function readText(value: JsonMembers): StreamEvent[] | null {
    const [data, thought] = [asString(value['data']), asString(value['reasoningText'])];
    if (data === null && thought === null) return null;
    if (textSource === 'event') return [];
    const text = data === null ? thought! : growing.push(data);
    return noteText(
      'data',
      text === '' ? [] : [{ type: data === null ? 'thinking' : 'text', text }],
    );
  }

  function readToolUse(use: JsonMembers): StreamEvent[] {
    const { toolUseId, name, input } = use;
    const [id, toolName] = [asString(toolUseId), asString(name)];
    if (id === null || toolName === null || toolsFromEvents.has(id)) return [];
    const json = typeof input === 'string' ? input : JSON.stringify(input ?? {});
    // The input is an empty object until its first piece.
    return [...tools.start(id, toolName), ...(json === '{}' ? [] : tools.updateInput(id, json))];
  }

  function readMessage({ role, content, metadata }: JsonMembers): StreamEvent[] {
    const includeText = role === 'assistant' && textSource === null;
    const events = readBlocks(content, tools, { includeText });
    if (role !== 'assistant') return events;
    const usage = bedrockUsage(readMembers(metadata)['usage']);
    const usageEvents = isCounted ? [] : usageTotal.addCall(usage);
    textSource = null;
    isCounted = false;
    hasText ||= events.some(({ type }) => type === 'text');
    return [...events, ...usageEvents];
  }

  function readResult(result: JsonMembers): StreamEvent[] | null {
    const message = asMembers(result['message']) ?? ('role' in result ? result : null);
    if (message === null || !('content' in message)) return null;
    return hasText
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
        return readBlocks([{ toolResult: members['tool_result'] }], tools, { includeText: false });
      }
      const inner = asMembers(event);
      if (inner) return readEvent(inner);
      const use = asMembers(members['current_tool_use']);
      if (use) return readToolUse(use);
      const text = readText(members);
      if (text) return text;
      const messageMembers = asMembers(message);
      if (type === 'agent_result') return readResult(members);
      if (messageMembers && 'role' in messageMembers && 'content' in messageMembers)
        return readMessage(messageMembers);
      if (asMembers(result)) return readResult(readMembers(result));
      return isSilent(members) ? [] : null;
    },
  };
  return dialect;
};

function isSilent(members: JsonMembers): boolean {
  if (
    SILENT_STEPS.some((key) => members[key] === true) ||
    SILENT_MEMBERS.some((key) => key in members)
  )
    return true;
  return 'citation' in members && 'delta' in members;
}
