import type { EventTransform, StreamEvent } from './answer.ts';
import { parseJson } from './json.ts';
import { createMarkdownPosition } from './markdownPosition.ts';
import type { ToolUses } from './toolUses.ts';

/** How long a tag may be that names a tool. */
const LONGEST_TAG = 200;

/** How much is kept of a tool's arguments. */
const LONGEST_BODY = 1_000_000;

const OPENING = /^<(?:(thinking|think)|__function=([^<>]+))>/;
const BEGUN =
  /^<(?:t(?:h(?:i(?:n(?:k(?:i(?:n(?:g)?)?)?)?)?)?)?|_(?:_(?:f(?:u(?:n(?:c(?:t(?:i(?:o(?:n(?:=[^<>]*)?)?)?)?)?)?)?)?)?)?)?$/;
const PARAMETER = /<__parameter=([^<>]+)>/g;
const PARAMETER_END = '</__parameter>';

/**
 * Models, Nova's above all, write what they think and the tools that they want between tags into
 * their text; here they become events of their own. A thought begins where a line does: within a
 * sentence, or in code, its tag is one that is written about. A tag may be cut anywhere. Each character
 * is looked at a bounded number of times.
 */
export function createThinkingFilter(tools: ToolUses): EventTransform {
  let waiting = '';
  const place = createMarkdownPosition();
  // Within which tag the text is: what ends it, and the use of a tool that it tells, if it does.
  let within: { readonly end: string; readonly use: { id: string; body: string } | null } | null =
    null;
  // Between a thought and the words after it is nothing but lines.
  let skipsSpace = false;

  function words(text: string): StreamEvent[] {
    const shown = skipsSpace ? text.trimStart() : text;
    if (shown === '') return [];
    skipsSpace = false;
    place.advance(shown);
    return [{ type: 'text', text: shown }];
  }

  function inside(text: string): StreamEvent[] {
    const { use } = within!;
    if (use) use.body += text.slice(0, LONGEST_BODY - use.body.length);
    return use || text === '' ? [] : [{ type: 'thinking', text }];
  }

  function close(): StreamEvent[] {
    const { use } = within!;
    within = null;
    skipsSpace = true;
    place.advance('\n');
    return use ? tools.appendInput(use.id, JSON.stringify(parametersIn(use.body))) : [];
  }

  function open([, thinking, tool]: RegExpExecArray): StreamEvent[] {
    if (tool === undefined) {
      within = { end: `</${thinking}>`, use: null };
      return [];
    }
    const id = tools.newId();
    within = { end: '</__function>', use: { id, body: '' } };
    return tools.start(id, tool);
  }

  /** Reads one stretch of the text; what it cannot tell yet, it leaves. */
  function step(text: string): { readonly events: StreamEvent[]; readonly rest: string } | null {
    if (within) {
      const at = text.indexOf(within.end);
      if (at === -1) return null;
      const { length } = within.end;
      return { events: [...inside(text.slice(0, at)), ...close()], rest: text.slice(at + length) };
    }
    const at = text.indexOf('<');
    if (at === -1) return null;
    if (at > 0) return { events: words(text.slice(0, at)), rest: text.slice(at) };
    if (place.isInCode()) return { events: words('<'), rest: text.slice(1) };
    const tag = OPENING.exec(text.slice(0, LONGEST_TAG));
    if (tag && (tag[1] === undefined || place.isAtLineStart()))
      return { events: open(tag), rest: text.slice(tag[0].length) };
    if (text.length < LONGEST_TAG && BEGUN.test(text)) return null;
    return { events: words('<'), rest: text.slice(1) };
  }

  function read(text: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    let rest = text;
    for (let next = step(rest); next; next = step(rest)) {
      events.push(...next.events);
      rest = next.rest;
    }
    const kept = within ? beginningAtEnd(rest, within.end) : rest.startsWith('<') ? rest.length : 0;
    const clear = rest.slice(0, rest.length - kept);
    waiting = rest.slice(rest.length - kept);
    return [...events, ...(within ? inside(clear) : words(clear))];
  }

  function end(): StreamEvent[] {
    const text = waiting;
    waiting = '';
    if (!within) return words(text);
    return [...inside(text), ...(within.use ? close() : [])];
  }

  return {
    push(event) {
      if (event.type === 'text') return read(waiting + event.text);
      // What a model took may be told in the middle of a tag; anything else is told between texts.
      if (event.type === 'usage') return [event];
      const before = within && event.type !== 'failure' ? [] : end();
      skipsSpace = false;
      if (!within) place.reset();
      return [...before, event];
    },
    end,
  };
}

/** How much of the end of a text may be the beginning of what is looked for. */
function beginningAtEnd(text: string, wanted: string): number {
  for (let length = Math.min(text.length, wanted.length - 1); length > 0; length -= 1) {
    if (text.endsWith(wanted.slice(0, length))) return length;
  }
  return 0;
}

function parametersIn(body: string): Record<string, unknown> {
  const parameters: [name: string, value: unknown][] = [];
  PARAMETER.lastIndex = 0;
  for (let tag = PARAMETER.exec(body); tag; tag = PARAMETER.exec(body)) {
    const from = PARAMETER.lastIndex;
    const end = body.indexOf(PARAMETER_END, from);
    if (end === -1) break;
    const value = body.slice(from, end);
    parameters.push([tag[1]!, /^\s*[{["]/.test(value) ? (parseJson(value) ?? value) : value]);
    PARAMETER.lastIndex = end;
  }
  return Object.fromEntries(parameters);
}
