import type { Token } from 'markdown-it';
import { PENDING_LINK } from './links.ts';

// The last line of an answer that comes ends anywhere: within an emphasis, a link, some code. What is
// open is shown as if it were closed, and what cannot be known yet waits for its next letters.

/** Nothing is held back for longer than this, as its end may never come; it is plain then. */
const LONGEST_WAIT = 400;

/** What stands around an emphasis. */
type Marker = '*' | '_' | '~';

/** A run of markers that opened an emphasis. */
interface Opener {
  readonly marker: Marker;
  readonly at: number;
  length: number;
}

/** Those that are open, by their markers, as the last of a marker must be found at once. */
type Openers = Readonly<Record<Marker, Opener[]>>;

/** Where to go on reading, or all that is shown: the rest is not. */
type Step = number | string;

/** Completes the line with which a source ends, in its tokens; after an empty line there is none. */
export function completeEnd(source: string, tokens: readonly Token[]): void {
  if (/(?:^|\n)[ \t]*\n[ \t]*$/.test(source)) return;
  // Cells of a row that have not come are there, and are empty.
  const last = tokens.findLast(({ nesting, content }) => nesting === 0 && content !== '');
  if (last?.type === 'inline') last.content = completed(last.content);
}

/** What is within a block, so far as it has come, with an end that will not change its looks. */
function completed(content: string): string {
  const openers: Openers = { '*': [], _: [], '~': [] };
  // Markers at the end open something, or close what is closed here anyway.
  let shown = withoutEnd(content, /[\s*_~]/);
  for (let at = 0; at < shown.length;) {
    const step = read(shown, at, openers);
    if (typeof step === 'string') shown = step.trimEnd();
    at = typeof step === 'string' ? Infinity : step;
  }
  let text = shown;
  for (const { marker, at, length } of innermostFirst(openers)) {
    // What opens with nothing behind it may as well be something else.
    text = at + length < text.length ? text + marker.repeat(length) : text.slice(0, at).trimEnd();
  }
  return text;
}

function innermostFirst(openers: Openers): Opener[] {
  return Object.values(openers)
    .flat()
    .toSorted((a, b) => b.at - a.at);
}

function read(content: string, at: number, openers: Openers): Step {
  switch (content.charAt(at)) {
    case '\\':
      return at + 1 === content.length ? wait(content, at) : at + 2;
    case '`':
      return readCode(content, at);
    case '!':
      if (at + 1 === content.length) return wait(content, at);
      return content[at + 1] === '[' ? readBrackets(content, at, at + 1) : at + 1;
    case '[':
      return readBrackets(content, at, at);
    case '*':
    case '_':
    case '~':
      return readMarkers(content, at, openers);
    case '&':
      return endsWithin(content, at, /^&#?\w*$/) ? wait(content, at) : at + 1;
    case '<':
      return endsWithin(content, at, /^<[a-z][^\s<>]*$/i) ? wait(content, at) : at + 1;
    default:
      return at + 1;
  }
}

/** Nothing from there on is shown, unless that is too much. */
function wait(content: string, at: number): Step {
  return content.length - at > LONGEST_WAIT ? at + 1 : content.slice(0, at);
}

function endsWithin(content: string, at: number, pattern: RegExp): boolean {
  return content.length - at <= LONGEST_WAIT && pattern.test(content.slice(at));
}

function readCode(content: string, at: number): Step {
  const ticks = runAt(content, at);
  const from = at + ticks.length;
  for (let close = content.indexOf('`', from); close !== -1;) {
    const { length } = runAt(content, close);
    if (length === ticks.length) return close + length;
    close = content.indexOf('`', close + length);
  }
  const code = withoutEnd(content.slice(from), /[\s`]/);
  return content.slice(0, at) + (code === '' ? '' : ticks + code + ticks);
}

/** A link or an image, which begins at `from` and whose bracket opens at `at`. */
function readBrackets(content: string, from: number, at: number): Step {
  const isImage = from !== at;
  const close = closeOf(content, at, LONGEST_WAIT);
  if (close === null) return at + 1;
  // Behind brackets the next letter says whether they are a link's.
  if (close === -1 || close + 1 === content.length) return wait(content, from);
  if (content[close + 1] === '[') {
    const second = closeOf(content, close + 1, LONGEST_WAIT);
    return second === -1 ? wait(content, from) : (second ?? close) + 1;
  }
  if (content[close + 1] !== '(') return at + 1;
  const run = addressEnd(content, close + 2);
  const end = closeOf(content, close + 1, Math.max(LONGEST_WAIT, run - close));
  if (end !== null && end !== -1) return end + 1;
  const isData = content.startsWith('data:', close + 2) && run === content.length;
  // Of a long address without an end nothing is looked at again.
  if (!isData && (end === null || run - close > LONGEST_WAIT)) return Math.max(at + 1, run);
  const before = content.slice(0, from);
  if (isImage) return before;
  return `${before}[${completed(content.slice(at + 1, close))}](${PENDING_LINK})`;
}

/** Where an address ends that may begin there: none has spaces within. */
function addressEnd(content: string, at: number): number {
  const space = /\s/g;
  space.lastIndex = at;
  return space.exec(content)?.index ?? content.length;
}

/** Where a bracket is closed; -1 if it is not, and null if not within so many letters. */
function closeOf(content: string, at: number, limit: number): number | null {
  const open = content[at]!;
  const close = open === '[' ? ']' : ')';
  let depth = 0;
  const last = Math.min(content.length, at + limit);
  for (let index = at; index < last; index++) {
    const letter = content[index];
    if (letter === '\\') index++;
    else if (letter === open) depth++;
    else if (letter === close && --depth === 0) return index;
  }
  return last < content.length ? null : -1;
}

function readMarkers(content: string, at: number, openers: Openers): Step {
  const run = runAt(content, at);
  const marker = run[0] as Marker;
  const next = at + run.length;
  let { length } = run;
  if (marker === '~' && length !== 2) return next;
  const before = content[at - 1] ?? ' ';
  const after = content[next] ?? ' ';
  if (!/\s/.test(before)) length = closeEmphases(openers, marker, length);
  if (length > 0 && !/\s/.test(after) && /[\s\p{P}\p{S}]/u.test(before)) {
    openers[marker].push({ marker, at, length });
  }
  return next;
}

/** Closes what such markers opened, innermost first; gives back how many are left over. */
function closeEmphases(openers: Openers, marker: Marker, length: number): number {
  const own = openers[marker];
  let left = length;
  while (left > 0) {
    const opener = own.at(-1);
    if (!opener) return left;
    // Whatever was opened within it and is not closed was nothing.
    for (const others of Object.values(openers)) {
      while (others.length > 0 && others.at(-1)!.at > opener.at) others.pop();
    }
    const used = Math.min(left, opener.length);
    left -= used;
    opener.length -= used;
    if (opener.length === 0) own.pop();
  }
  return 0;
}

/** The letter there, as often as it follows itself. */
function runAt(content: string, at: number): string {
  let end = at + 1;
  while (content[end] === content[at]) end++;
  return content.slice(at, end);
}

/** Without such letters at its end, unless a backslash makes one of them plain. */
function withoutEnd(text: string, letters: RegExp): string {
  let end = text.length;
  while (end > 0 && letters.test(text[end - 1]!) && text[end - 2] !== '\\') end--;
  return text.slice(0, end);
}
