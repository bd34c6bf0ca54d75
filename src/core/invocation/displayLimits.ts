import type { EventTransform, StreamEvent } from './answer.ts';
import { formatCharacterCount } from './characterCount.ts';

/** Characters of text and thoughts that are shown of one answer. */
const MAX_TEXT = 1_000_000;

/** Characters of everything else, so that tools cannot use up the limit of the text. */
const MAX_OTHER = 2_000_000;

/** Characters of a tool's arguments, of its result, or of other JSON. */
const MAX_DOCUMENT = 100_000;

/** Characters of a name. */
const MAX_NAME = 200;

/** Longest id of a tool use or task. One with a longer id is left out. */
const MAX_ID = 1000;

/** Tool uses and other parts that are shown of one answer. */
const MAX_PARTS = 2000;

/** Cuts an answer to what can be shown, and adds a notice about the rest. */
export function createDisplayLimits(): EventTransform {
  let textLeft = MAX_TEXT;
  let otherLeft = MAX_OTHER;
  let partsLeft = MAX_PARTS;
  let charactersLeftOut = 0;
  let partsLeftOut = 0;
  /** Lengths of the arguments of tool uses that are shown and have not ended. */
  const inputs = new Map<string, { length: number; shown: number }>();

  function cutText(event: StreamEvent & { type: 'text' | 'thinking' }): StreamEvent[] {
    const text = event.text.slice(0, textLeft);
    textLeft -= text.length;
    charactersLeftOut += event.text.length - text.length;
    return text === '' ? [] : [{ type: event.type, text }];
  }

  /** Cuts a document to the remaining limit. */
  function fit(text: string, limit: number): string {
    const allowed = Math.min(text.length, limit);
    const shown = text.slice(0, Math.min(allowed, otherLeft));
    otherLeft -= shown.length;
    charactersLeftOut += allowed - shown.length;
    return shown;
  }

  function cutDocument(text: string): string {
    const shown = fit(text, MAX_DOCUMENT);
    return shown + describeRest(shown.length, text.length);
  }

  function cutInput(event: StreamEvent & { type: 'toolInput' }): StreamEvent[] {
    const input = inputs.get(event.id);
    if (!input) return [];
    const json = fit(event.json, MAX_DOCUMENT - input.shown);
    input.shown += json.length;
    input.length += event.json.length;
    return json === '' ? [] : [{ ...event, json }];
  }

  function endInput(id: string): StreamEvent[] {
    const { shown, length } = inputs.get(id)!;
    inputs.delete(id);
    return shown === length ? [] : [{ type: 'toolInput', id, json: describeRest(shown, length) }];
  }

  function cutResult(event: StreamEvent & { type: 'toolResult' }): StreamEvent[] {
    if (!inputs.has(event.id)) return [];
    const { text, failed } = event.result;
    return [...endInput(event.id), { ...event, result: { text: cutDocument(text), failed } }];
  }

  function cutTool(event: StreamEvent & { type: 'tool' }): StreamEvent[] {
    inputs.set(event.id, { length: 0, shown: 0 });
    return [{ ...event, name: cutName(event.name) }];
  }

  /** Counts a part as shown, or as left out. */
  function takePart(isAllowed = true): boolean {
    const isTaken = isAllowed && partsLeft > 0;
    if (isTaken) partsLeft -= 1;
    else partsLeftOut += 1;
    return isTaken;
  }

  function reportLeftOut(): StreamEvent[] {
    const cut = [...inputs.keys()].flatMap(endInput);
    const leftOut = [
      ...(charactersLeftOut > 0 ? [formatCharacterCount(charactersLeftOut)] : []),
      ...(partsLeftOut > 0 ? [`${partsLeftOut.toLocaleString('en')} parts`] : []),
    ];
    if (leftOut.length === 0) return cut;
    const text = `The answer is too long: ${leftOut.join(' and ')} are not shown.`;
    return [...cut, { type: 'notice', text }];
  }

  /** Resets the limits. A WebSocket carries several answers, one after the other. */
  function end(): StreamEvent[] {
    const events = reportLeftOut();
    [textLeft, otherLeft, partsLeft] = [MAX_TEXT, MAX_OTHER, MAX_PARTS];
    [charactersLeftOut, partsLeftOut] = [0, 0];
    return events;
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
          return takePart(event.id.length <= MAX_ID) ? cutTool(event) : [];
        case 'data':
          return takePart(otherLeft > 0) ? [{ ...event, json: cutDocument(event.json) }] : [];
        case 'guardrail':
        case 'notice':
          return takePart() ? [{ type: event.type, text: cutDocument(event.text) }] : [];
        case 'failure': {
          const { name, message } = event.failure;
          const shown = message.slice(0, MAX_DOCUMENT);
          const failure = {
            name: cutName(name),
            message: shown + describeRest(shown.length, message.length),
          };
          return [...end(), { type: 'failure', failure }];
        }
        case 'waiting': {
          const ids = event.task ? [event.task.id, event.task.contextId] : [];
          return ids.every((id) => id.length <= MAX_ID) ? [event] : [];
        }
        case 'usage':
        case 'end':
          return [event];
      }
    },
    end,
  };
}

function cutName(name: string): string {
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME)}…`;
}

function describeRest(shown: number, length: number): string {
  return shown === length ? '' : `… and ${formatCharacterCount(length - shown)} more`;
}
