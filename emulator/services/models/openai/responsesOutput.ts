import type {
  ResponseFunctionToolCall,
  ResponseOutputItem,
  ResponseOutputMessage,
  ResponseOutputRefusal,
  ResponseOutputText,
  ResponseReasoningItem,
} from 'openai/resources/responses/responses';
import type { BlockStart, ModelEvent } from '../modelEvent.ts';
import { encodeReasoning } from './encryptedReasoning.ts';
import { REFUSAL } from './refusal.ts';
import type { EventBody } from './responsesEvent.ts';

/** The output items of a response. */
export interface OutputItems {
  /** Returns the protocol's events for an event of the model. */
  add(event: ModelEvent): Iterable<EventBody>;
  finished(): ResponseOutputItem[];
}

/** Creates the output of a response: an item for each block of the model's reply. */
export function createOutputItems({
  idSuffix,
  summarizes,
  includesEncrypted,
}: {
  /** The suffix of the items' IDs. */
  readonly idSuffix: string;
  /** True if reasoning items contain the reasoning as their summary. */
  readonly summarizes: boolean;
  readonly includesEncrypted: boolean;
}): OutputItems {
  const finished: ResponseOutputItem[] = [];
  let open: OpenItem | undefined;

  const place = (prefix: string): ItemPlace => ({
    item_id: `${prefix}_${idSuffix}_${finished.length}`,
    output_index: finished.length,
  });

  function start(block: BlockStart): OpenItem {
    switch (block.type) {
      case 'text':
        return openMessage(place('msg'), 'text');
      case 'toolUse':
        return openCall(place('fc'), block.id, block.name);
      case 'reasoning':
      case 'redactedReasoning': {
        const data = block.type === 'redactedReasoning' ? block.data : null;
        return openReasoning(place('rs'), { data, summarizes, includesEncrypted });
      }
    }
  }

  function* finish(item: OpenItem): Generator<EventBody> {
    yield* item.end();
    finished.push(item.finished());
    yield {
      type: 'response.output_item.done',
      item: item.finished(),
      output_index: finished.length - 1,
    };
  }

  function* begin(item: OpenItem): Generator<EventBody> {
    yield {
      type: 'response.output_item.added',
      item: item.added,
      output_index: finished.length,
    };
    yield* item.begin();
  }

  return {
    finished: () => [...finished],
    *add(event) {
      switch (event.type) {
        case 'start':
          break;
        case 'blockStart':
          open = start(event.block);
          yield* begin(open);
          break;
        case 'text':
        case 'reasoning':
          yield* open!.add(event.text);
          break;
        case 'toolInput':
          yield* open!.add(event.json);
          break;
        case 'signature':
          open!.sign?.(event.signature);
          break;
        case 'blockStop':
          yield* finish(open!);
          break;
        case 'end': {
          if (event.stopReason !== 'refusal') break;
          const refusal = openMessage(place('msg'), 'refusal');
          yield* begin(refusal);
          yield* refusal.add(REFUSAL);
          yield* finish(refusal);
        }
      }
    },
  };
}

interface ItemPlace {
  readonly item_id: string;
  readonly output_index: number;
}

/** An item that the model is writing. */
interface OpenItem {
  readonly added: ResponseOutputItem;
  begin(): Iterable<EventBody>;
  add(text: string): Iterable<EventBody>;
  sign?(signature: string): void;
  end(): Iterable<EventBody>;
  finished(): ResponseOutputItem;
}

function openMessage(place: ItemPlace, kind: 'text' | 'refusal'): OpenItem {
  let text = '';
  const part = (): ResponseOutputText | ResponseOutputRefusal =>
    kind === 'text'
      ? { type: 'output_text', text, annotations: [], logprobs: [] }
      : { type: 'refusal', refusal: text };
  const message = (
    status: 'in_progress' | 'completed',
    content: ResponseOutputMessage['content'],
  ): ResponseOutputMessage => ({
    id: place.item_id,
    type: 'message',
    role: 'assistant',
    status,
    content,
  });
  const at = { ...place, content_index: 0 };
  return {
    added: message('in_progress', []),
    *begin() {
      yield { type: 'response.content_part.added', ...at, part: part() };
    },
    *add(delta) {
      text += delta;
      if (kind === 'refusal') yield { type: 'response.refusal.delta', ...at, delta };
      else yield { type: 'response.output_text.delta', ...at, delta, logprobs: [] };
    },
    *end() {
      if (kind === 'refusal') yield { type: 'response.refusal.done', ...at, refusal: text };
      else yield { type: 'response.output_text.done', ...at, text, logprobs: [] };
      yield { type: 'response.content_part.done', ...at, part: part() };
    },
    finished: () => message('completed', [part()]),
  };
}

function openCall(place: ItemPlace, callId: string, name: string): OpenItem {
  let json = '';
  const call = (status: 'in_progress' | 'completed'): ResponseFunctionToolCall => ({
    id: place.item_id,
    type: 'function_call',
    status,
    arguments: json,
    call_id: callId,
    name,
  });
  function* add(delta: string): Generator<EventBody> {
    json += delta;
    yield { type: 'response.function_call_arguments.delta', ...place, delta };
  }
  return {
    added: call('in_progress'),
    *begin() {},
    add,
    *end() {
      // Clients parse the arguments, and empty text is not JSON.
      if (json === '') yield* add('{}');
      yield { type: 'response.function_call_arguments.done', ...place, name, arguments: json };
    },
    finished: () => call('completed'),
  };
}

function openReasoning(
  place: ItemPlace,
  {
    data,
    summarizes,
    includesEncrypted,
  }: { data: string | null; summarizes: boolean; includesEncrypted: boolean },
): OpenItem {
  let text = '';
  let signature: string | null = null;
  const hasSummary = summarizes && data === null;
  const at = { ...place, summary_index: 0 };
  const part = () => ({ type: 'summary_text' as const, text });
  const reasoning = (ended: boolean): ResponseReasoningItem => ({
    id: place.item_id,
    type: 'reasoning',
    summary: ended && hasSummary ? [part()] : [],
    ...(includesEncrypted && {
      encrypted_content: encodeReasoning(
        data === null
          ? { type: 'reasoning', text, signature }
          : { type: 'redactedReasoning', data },
      ),
    }),
  });
  return {
    added: reasoning(false),
    *begin() {
      if (hasSummary) {
        yield { type: 'response.reasoning_summary_part.added', ...at, part: part() };
      }
    },
    *add(delta) {
      text += delta;
      if (hasSummary) yield { type: 'response.reasoning_summary_text.delta', ...at, delta };
    },
    sign(given) {
      signature = given;
    },
    *end() {
      if (!hasSummary) return;
      yield { type: 'response.reasoning_summary_text.done', ...at, text };
      yield { type: 'response.reasoning_summary_part.done', ...at, part: part() };
    },
    finished: () => reasoning(true),
  };
}
