import type { EventTransform, StreamEvent } from './answer.ts';
import { parseJson } from './json.ts';
import { createMarkdownPosition } from './markdownPosition.ts';
import type { ToolUses } from './toolUses.ts';

/** Longest tag that names a tool. */
const MAX_TAG_LENGTH = 200;

/** Characters that are kept of a tool's arguments. */
const MAX_BODY_LENGTH = 1_000_000;

const OPENING = /^<(?:(thinking|think)|__function=([^<>]+))>/;
const PARTIAL_OPENING =
  /^<(?:t(?:h(?:i(?:n(?:k(?:i(?:n(?:g)?)?)?)?)?)?)?|_(?:_(?:f(?:u(?:n(?:c(?:t(?:i(?:o(?:n(?:=[^<>]*)?)?)?)?)?)?)?)?)?)?)?$/;
const PARAMETER = /<__parameter=([^<>]+)>/g;
const PARAMETER_END = '</__parameter>';

/**
 * Extracts thoughts and tool uses that models, above all Nova, write between tags in their text. A
 * thought starts at the start of a line; within a sentence or in code, its tag is ordinary text. A
 * tag may be split anywhere. Each character is examined a bounded number of times.
 */
export function createThinkingFilter(tools: ToolUses): EventTransform {
  let waiting = '';
  const position = createMarkdownPosition();
  /** The open tag: its end, and its tool use unless it is a thought. */
  let within: { readonly end: string; readonly use: { id: string; body: string } | null } | null =
    null;
  /** Whitespace between a thought and the text after it is not shown. */
  let skipsSpace = false;

  function textEvents(text: string): StreamEvent[] {
    const shown = skipsSpace ? text.trimStart() : text;
    if (shown === '') return [];
    skipsSpace = false;
    position.advance(shown);
    return [{ type: 'text', text: shown }];
  }

  function readContent(text: string): StreamEvent[] {
    const { use } = within!;
    if (use) use.body += text.slice(0, MAX_BODY_LENGTH - use.body.length);
    return use || text === '' ? [] : [{ type: 'thinking', text }];
  }

  function close(): StreamEvent[] {
    const { use } = within!;
    within = null;
    skipsSpace = true;
    position.advance('\n');
    return use ? tools.appendInput(use.id, JSON.stringify(readParameters(use.body))) : [];
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

  /** Reads up to the next tag; null if the rest must wait for more text. */
  function step(text: string): { readonly events: StreamEvent[]; readonly rest: string } | null {
    if (within) {
      const at = text.indexOf(within.end);
      if (at === -1) return null;
      const { length } = within.end;
      return {
        events: [...readContent(text.slice(0, at)), ...close()],
        rest: text.slice(at + length),
      };
    }
    const at = text.indexOf('<');
    if (at === -1) return null;
    if (at > 0) return { events: textEvents(text.slice(0, at)), rest: text.slice(at) };
    if (position.isInCode()) return { events: textEvents('<'), rest: text.slice(1) };
    const tag = OPENING.exec(text.slice(0, MAX_TAG_LENGTH));
    if (tag && (tag[1] === undefined || position.isAtLineStart()))
      return { events: open(tag), rest: text.slice(tag[0].length) };
    if (text.length < MAX_TAG_LENGTH && PARTIAL_OPENING.test(text)) return null;
    return { events: textEvents('<'), rest: text.slice(1) };
  }

  function read(text: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    let rest = text;
    for (let next = step(rest); next; next = step(rest)) {
      events.push(...next.events);
      rest = next.rest;
    }
    const held = within
      ? partialMatchLength(rest, within.end)
      : rest.startsWith('<')
        ? rest.length
        : 0;
    const ready = rest.slice(0, rest.length - held);
    waiting = rest.slice(rest.length - held);
    return [...events, ...(within ? readContent(ready) : textEvents(ready))];
  }

  function end(): StreamEvent[] {
    const text = waiting;
    waiting = '';
    if (!within) return textEvents(text);
    return [...readContent(text), ...(within.use ? close() : [])];
  }

  return {
    push(event) {
      if (event.type === 'text') return read(waiting + event.text);
      // Usage may arrive in the middle of a tag. Any other event ends the text before it.
      if (event.type === 'usage') return [event];
      const before = within && event.type !== 'failure' ? [] : end();
      skipsSpace = false;
      if (!within) position.reset();
      return [...before, event];
    },
    end,
  };
}

/** Length of the longest end of a text that starts `target`. */
function partialMatchLength(text: string, target: string): number {
  for (let length = Math.min(text.length, target.length - 1); length > 0; length -= 1) {
    if (text.endsWith(target.slice(0, length))) return length;
  }
  return 0;
}

function readParameters(body: string): Record<string, unknown> {
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
