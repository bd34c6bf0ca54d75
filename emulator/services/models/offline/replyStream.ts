import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_LATENCY } from '../../../../src/shared/offlineModel.ts';
import { ModelError } from '../modelError.ts';
import type { ModelEvent, ReplyBlock } from '../modelEvent.ts';
import type { OfflineReply } from './offlineReply.ts';
import { splitTokens } from './tokenEstimate.ts';

/** Waits for a delay. Throws if the client disconnects. */
export async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0 && !signal.aborted) return;
  try {
    await sleep(Math.min(milliseconds, MAX_LATENCY), undefined, { signal });
  } catch {
    throw new ModelError('unavailable', 'The client disconnected before the end of the reply.');
  }
}

/** Sends the blocks of a reply as events, at the configured speed. */
export async function* streamBlocks(
  { content }: OfflineReply,
  { tokensPerSecond, isCut }: { readonly tokensPerSecond: number | null; readonly isCut: boolean },
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const events = content.flatMap(toEvents);
  const end = isCut ? Math.floor(events.length / 2) : events.length;
  const startedAt = performance.now();
  let tokens = 0;
  for (const event of events.slice(0, end)) {
    if (tokensPerSecond !== null && event.type !== 'blockStart' && event.type !== 'blockStop') {
      tokens += 1;
      const due = startedAt + (tokens * 1000) / tokensPerSecond;
      await wait(due - performance.now(), signal);
    }
    yield event;
  }
  if (isCut) throw new ModelError('modelError', 'The offline model cut the stream on request.');
}

function toEvents(block: ReplyBlock): ModelEvent[] {
  switch (block.type) {
    case 'text':
      return wrap(
        { type: 'text' },
        splitTokens(block.text).map((text) => ({ type: 'text', text })),
      );
    case 'reasoning': {
      const { text, signature } = block;
      const deltas: ModelEvent[] = splitTokens(text).map((each) => ({
        type: 'reasoning',
        text: each,
      }));
      if (signature !== null) deltas.push({ type: 'signature', signature });
      return wrap({ type: 'reasoning' }, deltas);
    }
    case 'redactedReasoning':
      return wrap(block, []);
    case 'toolUse': {
      const { id, name, input } = block;
      const parts = splitTokens(JSON.stringify(input));
      return wrap(
        { type: 'toolUse', id, name },
        parts.map((json) => ({ type: 'toolInput', json })),
      );
    }
  }
}

function wrap(
  block: Extract<ModelEvent, { type: 'blockStart' }>['block'],
  deltas: readonly ModelEvent[],
): ModelEvent[] {
  return [{ type: 'blockStart', block }, ...deltas, { type: 'blockStop' }];
}
