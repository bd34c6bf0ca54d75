import type { EventTransform, StreamEvent } from './answer.ts';
import { formatCharacterCount } from './characterCount.ts';

/** How many characters of words and thoughts are shown of one answer. */
const LONGEST_TEXT = 1_000_000;

/** How many are shown of all else together; words have room of their own, which no tool can take. */
const LONGEST_REST = 2_000_000;

/** How many are shown of a tool's arguments, of what it gave back, and of other JSON. */
const LONGEST_DOCUMENT = 100_000;

/** How many are shown of a name. */
const LONGEST_NAME = 200;

/** Whoever gives tool uses or tasks longer ids than this does not want them shown. */
const LONGEST_ID = 1000;

/** How many tool uses and other pieces are shown of one answer. */
const MOST_PIECES = 2000;

/** Keeps an answer to what can be shown, and says what it left out. */
export function createDisplayLimits(): EventTransform {
  let textLeft = LONGEST_TEXT;
  let restLeft = LONGEST_REST;
  let piecesLeft = MOST_PIECES;
  let charactersLeftOut = 0;
  let piecesLeftOut = 0;
  // The tool uses that are shown, until their ends: how long their arguments are, and are as shown.
  const inputs = new Map<string, { length: number; shown: number }>();

  function cutText(event: StreamEvent & { type: 'text' | 'thinking' }): StreamEvent[] {
    const text = event.text.slice(0, textLeft);
    textLeft -= text.length;
    charactersLeftOut += event.text.length - text.length;
    return text === '' ? [] : [{ type: event.type, text }];
  }

  /** As much as there is room for. */
  function fit(text: string, longest: number): string {
    const wanted = Math.min(text.length, longest);
    const shown = text.slice(0, Math.min(wanted, restLeft));
    restLeft -= shown.length;
    charactersLeftOut += wanted - shown.length;
    return shown;
  }

  function document(text: string): string {
    const shown = fit(text, LONGEST_DOCUMENT);
    return shown + moreThan(shown.length, text.length);
  }

  function cutInput(event: StreamEvent & { type: 'toolInput' }): StreamEvent[] {
    const input = inputs.get(event.id);
    if (!input) return [];
    const json = fit(event.json, LONGEST_DOCUMENT - input.shown);
    input.shown += json.length;
    input.length += event.json.length;
    return json === '' ? [] : [{ ...event, json }];
  }

  function endInput(id: string): StreamEvent[] {
    const { shown, length } = inputs.get(id)!;
    inputs.delete(id);
    return shown === length ? [] : [{ type: 'toolInput', id, json: moreThan(shown, length) }];
  }

  function cutResult(event: StreamEvent & { type: 'toolResult' }): StreamEvent[] {
    if (!inputs.has(event.id)) return [];
    const { text, failed } = event.result;
    return [...endInput(event.id), { ...event, result: { text: document(text), failed } }];
  }

  function cutTool(event: StreamEvent & { type: 'tool' }): StreamEvent[] {
    inputs.set(event.id, { length: 0, shown: 0 });
    return [{ ...event, name: nameOf(event.name) }];
  }

  /** Whether there is room for one piece more. */
  function takePiece(isGood = true): boolean {
    const isTaken = isGood && piecesLeft > 0;
    if (isTaken) piecesLeft -= 1;
    else piecesLeftOut += 1;
    return isTaken;
  }

  function tellLeftOut(): StreamEvent[] {
    const cut = [...inputs.keys()].flatMap(endInput);
    const left = [
      ...(charactersLeftOut > 0 ? [formatCharacterCount(charactersLeftOut)] : []),
      ...(piecesLeftOut > 0 ? [`${piecesLeftOut.toLocaleString('en')} pieces`] : []),
    ];
    if (left.length === 0) return cut;
    const text = `The answer is longer: ${left.join(' and ')} are not shown.`;
    return [...cut, { type: 'notice', text }];
  }

  /** What follows is an answer of its own: on a line there are several, one after the other. */
  function end(): StreamEvent[] {
    const told = tellLeftOut();
    [textLeft, restLeft, piecesLeft] = [LONGEST_TEXT, LONGEST_REST, MOST_PIECES];
    [charactersLeftOut, piecesLeftOut] = [0, 0];
    return told;
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
        case 'tool':
          return takePiece(event.id.length <= LONGEST_ID) ? cutTool(event) : [];
        case 'data':
          return takePiece(restLeft > 0) ? [{ ...event, json: document(event.json) }] : [];
        case 'guardrail':
        case 'notice':
          return takePiece() ? [{ type: event.type, text: document(event.text) }] : [];
        case 'failure': {
          const { name, message } = event.failure;
          const shown = message.slice(0, LONGEST_DOCUMENT);
          const told = shown + moreThan(shown.length, message.length);
          const failure = { name: nameOf(name), message: told };
          return [...end(), { type: 'failure', failure }];
        }
        case 'waiting': {
          const ids = event.task ? [event.task.id, event.task.contextId] : [];
          return ids.every((id) => id.length <= LONGEST_ID) ? [event] : [];
        }
        case 'usage':
        case 'end':
          return [event];
      }
    },
    end,
  };
}

function nameOf(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME)}…`;
}

function moreThan(shown: number, length: number): string {
  return shown === length ? '' : `… and ${formatCharacterCount(length - shown)} more`;
}
