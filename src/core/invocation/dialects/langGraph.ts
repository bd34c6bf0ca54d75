import type { StreamEvent } from '../answer.ts';
import {
  asMembers,
  asNumber,
  asString,
  readElements,
  readMembers,
  type JsonMembers,
} from '../json.ts';
import { CALL_NAME, POSITIONAL_ARGUMENTS } from '../pythonLiteral.ts';
import { resultText } from '../text.ts';
import { createStreamedText, type StreamedText } from '../streamedText.ts';
import { readBlocks } from './blocks.ts';
import type { CreateDialect } from './dialect.ts';

/** Depth up to which messages are found: a mode, a namespace, a node, its state, a list. */
const MAX_DEPTH = 6;

/** Events of `astream_events` that have new messages. Others repeat their input. */
const MESSAGE_EVENTS = new Set<unknown>(
  'on_chat_model_stream on_chat_model_end on_tool_end on_chain_stream on_chain_end'.split(' '),
);

/** A LangChain message. */
interface Message {
  readonly kind: 'piece' | 'whole' | 'tool' | 'other' | 'human';
  readonly members: JsonMembers;
}

/**
 * LangChain messages in any stream mode of LangGraph: pieces of messages, node updates, whole states,
 * combinations of these, and LangChain's events. They may be JSON, LangChain's own serialization or
 * Python's repr. A message that was streamed is not shown again when it arrives whole.
 */
export const createLangGraph: CreateDialect = ({ tools, usageTotal }) => {
  const texts = new Map<string, StreamedText>();
  /** Tool use ids by message and index. Only the first piece of a use has its id. */
  const toolUses = new Map<string, Map<unknown, string>>();
  let unidentified = 0;

  function readPieces(id: string, pieces: readonly unknown[]): StreamEvent[] {
    const uses = toolUses.get(id) ?? new Map<unknown, string>();
    toolUses.set(id, uses);
    return pieces.flatMap((piece) => {
      const { index, id: pieceId, name, args } = readMembers(piece);
      const firstId = asString(pieceId);
      const started = firstId === null ? [] : tools.start(firstId, asString(name) ?? 'tool');
      if (firstId !== null) uses.set(index, firstId);
      const use = uses.get(index);
      return use === undefined
        ? started
        : [...started, ...tools.appendInput(use, asString(args) ?? '')];
    });
  }

  function readCalls(calls: readonly unknown[]): StreamEvent[] {
    return calls.flatMap((call) => {
      const { id, name, args } = readMembers(call);
      return tools.addUse(asString(id) ?? tools.newId(), asString(name) ?? 'tool', args ?? {});
    });
  }

  /** Returns the new part of a message that is whole, or has all text so far. */
  function readWhole(
    id: string,
    { content, tool_calls: calls, additional_kwargs: more }: JsonMembers,
  ) {
    const before = texts.get(id);
    const events = [
      ...readThought(more),
      ...readBlocks(content, { ...tools, addUse: () => [] }, { includeText: true }),
    ];
    const text = joinText(events);
    texts.set(id, createStreamedText(text));
    const fresh = before?.remainder(text) ?? '';
    const rest: StreamEvent[] = fresh === '' ? [] : [{ type: 'text', text: fresh }];
    return [...(before ? rest : events), ...readCalls(readElements(calls))];
  }

  function readPiece(id: string, members: JsonMembers): StreamEvent[] {
    const { content, tool_call_chunks: pieces, additional_kwargs: more } = members;
    const events = [
      ...readThought(more),
      ...readBlocks(content, { ...tools, addUse: () => [] }, { includeText: true }),
    ];
    const text = texts.get(id) ?? createStreamedText();
    text.append(joinText(events));
    texts.set(id, text);
    return [...events, ...readPieces(id, readElements(pieces))];
  }

  function readMessage({ kind, members }: Message, isGrowing: boolean): StreamEvent[] {
    if (kind === 'tool') {
      const { tool_call_id: id, content, status, name } = members;
      const result = { text: resultText(content), failed: status === 'error' };
      return tools.addResult(asString(id) ?? tools.newId(), result, asString(name) ?? undefined);
    }
    if (kind !== 'piece' && kind !== 'whole') return [];
    const id =
      baseId(asString(members['id'])) ?? `unidentified ${kind === 'piece' ? 0 : ++unidentified}`;
    const { input_tokens: input, output_tokens: output } = readMembers(members['usage_metadata']);
    const [inputTokens, outputTokens] = [asNumber(input), asNumber(output)];
    return [
      ...(kind === 'piece' && !isGrowing ? readPiece(id, members) : readWhole(id, members)),
      ...(inputTokens === null || outputTokens === null
        ? []
        : usageTotal.setCall(id, { inputTokens, outputTokens })),
    ];
  }

  return {
    read(value, event) {
      const isLangGraph = isEvent(value) || event?.startsWith('messages/');
      const found = findMessages(isEvent(value) ? messageHolder(value) : value, 0);
      if (found === null) return isLangGraph ? [] : null;
      // A state has the whole conversation. This answer's messages follow the last prompt.
      const prompt = found.findLastIndex(({ kind }) => kind === 'human');
      return found
        .slice(prompt + 1)
        .flatMap((message) => readMessage(message, event === 'messages/partial'));
    },
  };
};

/** True for an event of LangChain's `astream_events`. */
function isEvent(value: unknown): boolean {
  const { event, run_id: run } = readMembers(value);
  return typeof event === 'string' && event.startsWith('on_') && typeof run === 'string';
}

/** Returns the part of an event that may have messages of the answer. */
function messageHolder(value: unknown): unknown {
  const { event, data, name } = readMembers(value);
  const { chunk, output, error, tool_call_id: id } = readMembers(data);
  if (event !== 'on_tool_error') return MESSAGE_EVENTS.has(event) ? [chunk ?? output] : null;
  const { [CALL_NAME]: type, [POSITIONAL_ARGUMENTS]: reasons } = readMembers(error);
  const description = [type, ...readElements(reasons)].map(resultText).filter((one) => one !== '');
  const content = asString(error) ?? description.join(': ');
  return { type: 'tool', content, tool_call_id: id, name, status: 'error' };
}

/** Finds the messages in a value, in order; null if it has none. */
function findMessages(value: unknown, depth: number): Message[] | null {
  if (depth > MAX_DEPTH) return null;
  if (Array.isArray(value))
    return joinMessages(value.map((element) => findMessages(element, depth + 1)));
  const members = asMembers(value);
  if (members === null) return null;
  const message = asMessage(members);
  if (message) return [message];
  if (Array.isArray(members['messages']) && members['messages'].length === 0) return [];
  return joinMessages(Object.values(members).map((member) => findMessages(member, depth + 1)));
}

function joinMessages(found: readonly (readonly Message[] | null)[]): Message[] | null {
  const messages = found.filter((one) => one !== null);
  return messages.length === 0 ? null : messages.flat();
}

const KINDS = new Map<unknown, Message['kind']>([
  ['AIMessageChunk', 'piece'],
  ['AIMessage', 'whole'],
  ['ai', 'whole'],
  ['ToolMessage', 'tool'],
  ['ToolMessageChunk', 'tool'],
  ['tool', 'tool'],
  ['HumanMessage', 'human'],
  ['HumanMessageChunk', 'human'],
  ['human', 'human'],
  ['SystemMessage', 'other'],
  ['system', 'other'],
]);

function asMessage(members: JsonMembers): Message | null {
  // LangChain's own serialization, the same in Python and JavaScript.
  const { lc, id, kwargs } = members;
  if (lc === 1 && asMembers(kwargs))
    return createMessage(readElements(id).at(-1), readMembers(kwargs));
  const isMessage = ['additional_kwargs', 'response_metadata', 'tool_call_id', 'tool_calls'].some(
    (name) => name in members,
  );
  if (!isMessage || !('content' in members)) return null;
  return createMessage(asString(members['type']) ?? members[CALL_NAME], members);
}

function createMessage(name: unknown, members: JsonMembers): Message | null {
  const kind = KINDS.get(name);
  return kind === undefined ? null : { kind, members };
}

function joinText(events: readonly StreamEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
}

// Some models' thoughts are not content blocks.
function readThought(more: unknown): StreamEvent[] {
  const text = asString(readMembers(more)['reasoning_content']);
  return text === null || text === '' ? [] : [{ type: 'thinking', text }];
}

// A whole message has the id of its pieces, sometimes followed by a number.
function baseId(id: string | null): string | null {
  return id === null ? null : id.replace(/^((?:lc_)?run-.*[\da-f]{12})-\d+$/, '$1');
}
