import type { Stage, StreamEvent } from './answer.ts';
import { amountOf } from './size.ts';

/** How many characters of words and thoughts are shown of one answer. */
const LONGEST_TEXT = 1_000_000;

/** How many characters are shown of a tool's arguments, of what it gave back, and of other JSON. */
const LONGEST_DOCUMENT = 100_000;

/** How many tool uses and other pieces are shown of one answer. */
const MOST_PIECES = 2000;

/** Keeps an answer to what can be shown, and says what it left out. */
export function createBounds(): Stage {
  let text = 0;
  let pieces = 0;
  let textLeftOut = 0;
  let piecesLeftOut = 0;
  const inputs = new Map<string, number>();

  function cutText(event: StreamEvent & { type: 'text' | 'thinking' }): StreamEvent[] {
    const shown = event.text.slice(0, LONGEST_TEXT - text);
    text += shown.length;
    textLeftOut += event.text.length - shown.length;
    return shown === '' ? [] : [{ type: event.type, text: shown }];
  }

  function cutInput(event: StreamEvent & { type: 'toolInput' }): StreamEvent[] {
    const before = inputs.get(event.id);
    if (before === undefined) return [];
    const json = event.json.slice(0, Math.max(0, LONGEST_DOCUMENT - before));
    inputs.set(event.id, before + event.json.length);
    return json === '' ? [] : [{ ...event, json }];
  }

  function cutResult(event: StreamEvent & { type: 'toolResult' }): StreamEvent[] {
    const input = inputs.get(event.id);
    if (input === undefined) return [];
    const over = input - LONGEST_DOCUMENT;
    const cut: StreamEvent[] =
      over > 0 ? [{ type: 'toolInput', id: event.id, json: `… and ${amountOf(over)} more` }] : [];
    const { text: whole, failed } = event.result;
    const more = whole.length - LONGEST_DOCUMENT;
    if (more <= 0) return [...cut, event];
    const shown = `${whole.slice(0, LONGEST_DOCUMENT)}… and ${amountOf(more)} more`;
    return [...cut, { ...event, result: { text: shown, failed } }];
  }

  function cutData({ type, json }: StreamEvent & { type: 'data' }): StreamEvent {
    const more = json.length - LONGEST_DOCUMENT;
    return more <= 0
      ? { type, json }
      : { type, json: `${json.slice(0, LONGEST_DOCUMENT)}… and ${amountOf(more)} more` };
  }

  function tellLeftOut(): StreamEvent[] {
    const left = [
      ...(textLeftOut > 0 ? [amountOf(textLeftOut)] : []),
      ...(piecesLeftOut > 0 ? [`${piecesLeftOut.toLocaleString('en')} pieces`] : []),
    ];
    if (left.length === 0) return [];
    return [{ type: 'notice', text: `The answer is longer: ${left.join(' and ')} are not shown.` }];
  }

  return {
    push(event) {
      switch (event.type) {
        case 'text':
        case 'thinking':
          return cutText(event);
        case 'toolInput':
          return cutInput(event);
        case 'toolResult':
          return cutResult(event);
        case 'data':
        case 'tool':
        case 'guardrail':
        case 'notice':
          if (pieces >= MOST_PIECES) {
            piecesLeftOut += 1;
            return [];
          }
          pieces += 1;
          if (event.type === 'tool') inputs.set(event.id, 0);
          return [event.type === 'data' ? cutData(event) : event];
        case 'failure':
          return [...tellLeftOut(), event];
        case 'usage':
        case 'end':
          return [event];
      }
    },
    end: tellLeftOut,
  };
}
