import type { StreamEvent } from '../answer.ts';
import { asMembers, asNumber, asString, elementsOf, membersOf, type JsonMembers } from '../json.ts';
import { CALL_NAME, POSITIONAL_ARGUMENTS } from '../pythonLiteral.ts';
import { resultText } from '../text.ts';
import { createStreamedText, type StreamedText } from '../streamedText.ts';
import { readBlocks } from './blocks.ts';
import type { CreateDialect } from './dialect.ts';

/** How deep in a chunk messages are looked for: a mode, a namespace, a node, its state, a list. */
const DEEPEST = 6;

/** Which events of `astream_events` hold messages; some only pass on what they were given. */
const EVENTS = new Set<unknown>(
  'on_chat_model_stream on_chat_model_end on_tool_end on_chain_stream on_chain_end'.split(' '),
);

/** A message of LangChain's. */
interface Message {
  readonly kind: 'piece' | 'whole' | 'tool' | 'other' | 'human';
  readonly members: JsonMembers;
}

/**
 * Messages of LangChain's in whatever a LangGraph agent passes on: pieces of messages, updates of
 * nodes, whole states, all of these together, LangChain's events; as JSON, as LangChain's own
 * serialisation or as Python's repr. A message that came in pieces is not said again when it comes whole.
 */
export const createLangGraph: CreateDialect = ({ tools, tally }) => {
  const saidOf = new Map<string, StreamedText>();
  // The tool uses of a message by their places in it: only their first piece has an id.
  const usesOf = new Map<string, Map<unknown, string>>();
  let nameless = 0;

  function readPieces(id: string, pieces: readonly unknown[]): StreamEvent[] {
    const uses = usesOf.get(id) ?? new Map<unknown, string>();
    usesOf.set(id, uses);
    return pieces.flatMap((piece) => {
      const { index, id: own, name, args } = membersOf(piece);
      const given = asString(own);
      const begun = given === null ? [] : tools.start(given, asString(name) ?? 'tool');
      if (given !== null) uses.set(index, given);
      const use = uses.get(index);
      return use === undefined
        ? begun
        : [...begun, ...tools.appendInput(use, asString(args) ?? '')];
    });
  }

  function readCalls(calls: readonly unknown[]): StreamEvent[] {
    return calls.flatMap((call) => {
      const { id, name, args } = membersOf(call);
      return tools.addUse(asString(id) ?? tools.newId(), asString(name) ?? 'tool', args ?? {});
    });
  }

  /** A message, whole or as far as it has come: what of it is new. */
  function readWhole(
    id: string,
    { content, tool_calls: calls, additional_kwargs: more }: JsonMembers,
  ) {
    const before = saidOf.get(id);
    const events = [
      ...thoughtIn(more),
      ...readBlocks(content, { ...tools, addUse: () => [] }, { words: true }),
    ];
    const said = textIn(events);
    saidOf.set(id, createStreamedText(said));
    const fresh = before?.remainder(said) ?? '';
    const rest: StreamEvent[] = fresh === '' ? [] : [{ type: 'text', text: fresh }];
    return [...(before ? rest : events), ...readCalls(elementsOf(calls))];
  }

  function readPiece(id: string, members: JsonMembers): StreamEvent[] {
    const { content, tool_call_chunks: pieces, additional_kwargs: more } = members;
    const events = [
      ...thoughtIn(more),
      ...readBlocks(content, { ...tools, addUse: () => [] }, { words: true }),
    ];
    const said = saidOf.get(id) ?? createStreamedText();
    said.append(textIn(events));
    saidOf.set(id, said);
    return [...events, ...readPieces(id, elementsOf(pieces))];
  }

  function readMessage({ kind, members }: Message, isGrowing: boolean): StreamEvent[] {
    if (kind === 'tool') {
      const { tool_call_id: id, content, status, name } = members;
      const result = { text: resultText(content), failed: status === 'error' };
      return tools.addResult(asString(id) ?? tools.newId(), result, asString(name) ?? undefined);
    }
    if (kind !== 'piece' && kind !== 'whole') return [];
    const id = stemOf(asString(members['id'])) ?? `nameless ${kind === 'piece' ? 0 : ++nameless}`;
    const { input_tokens: read, output_tokens: written } = membersOf(members['usage_metadata']);
    const [inputTokens, outputTokens] = [asNumber(read), asNumber(written)];
    return [
      ...(kind === 'piece' && !isGrowing ? readPiece(id, members) : readWhole(id, members)),
      ...(inputTokens === null || outputTokens === null
        ? []
        : tally.setCall(id, { inputTokens, outputTokens })),
    ];
  }

  return {
    read(value, event) {
      const isOwn = isEvent(value) || event?.startsWith('messages/');
      const found = messagesIn(isEvent(value) ? heldBy(value) : value, 0);
      if (found === null) return isOwn ? [] : null;
      // A state holds the conversation from its beginning: this answer is what follows its prompt.
      const prompt = found.findLastIndex(({ kind }) => kind === 'human');
      return found
        .slice(prompt + 1)
        .flatMap((message) => readMessage(message, event === 'messages/partial'));
    },
  };
};

/** Whether it is an event of LangChain's own stream. */
function isEvent(value: unknown): boolean {
  const { event, run_id: run } = membersOf(value);
  return typeof event === 'string' && event.startsWith('on_') && typeof run === 'string';
}

/** What of such an event may hold messages of the answer. */
function heldBy(value: unknown): unknown {
  const { event, data, name } = membersOf(value);
  const { chunk, output, error, tool_call_id: id } = membersOf(data);
  if (event !== 'on_tool_error') return EVENTS.has(event) ? [chunk ?? output] : null;
  const { [CALL_NAME]: type, [POSITIONAL_ARGUMENTS]: given } = membersOf(error);
  const told = [type, ...elementsOf(given)].map(resultText).filter((one) => one !== '');
  const content = asString(error) ?? told.join(': ');
  return { type: 'tool', content, tool_call_id: id, name, status: 'error' };
}

/** The messages in a value, in their order; null where it is nothing of LangGraph's. */
function messagesIn(value: unknown, depth: number): Message[] | null {
  if (depth > DEEPEST) return null;
  if (Array.isArray(value)) return joined(value.map((element) => messagesIn(element, depth + 1)));
  const members = asMembers(value);
  if (members === null) return null;
  const message = asMessage(members);
  if (message) return [message];
  if (Array.isArray(members['messages']) && members['messages'].length === 0) return [];
  return joined(Object.values(members).map((member) => messagesIn(member, depth + 1)));
}

function joined(found: readonly (readonly Message[] | null)[]): Message[] | null {
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
  // LangChain's own serialisation, of which JavaScript's is the same.
  const { lc, id, kwargs } = members;
  if (lc === 1 && asMembers(kwargs)) return kindOf(elementsOf(id).at(-1), membersOf(kwargs));
  const isMessage = ['additional_kwargs', 'response_metadata', 'tool_call_id', 'tool_calls'].some(
    (name) => name in members,
  );
  if (!isMessage || !('content' in members)) return null;
  return kindOf(asString(members['type']) ?? members[CALL_NAME], members);
}

function kindOf(name: unknown, members: JsonMembers): Message | null {
  const kind = KINDS.get(name);
  return kind === undefined ? null : { kind, members };
}

function textIn(events: readonly StreamEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
}

// Where models put their thoughts that LangChain has no block for.
function thoughtIn(more: unknown): StreamEvent[] {
  const text = asString(membersOf(more)['reasoning_content']);
  return text === null || text === '' ? [] : [{ type: 'thinking', text }];
}

// The whole message's id is that of its pieces, and sometimes a number more.
function stemOf(id: string | null): string | null {
  return id === null ? null : id.replace(/^((?:lc_)?run-.*[\da-f]{12})-\d+$/, '$1');
}
