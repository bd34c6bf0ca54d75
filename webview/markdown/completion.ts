import type { Token } from 'markdown-it';
import { PENDING_LINK } from './links.ts';

// The last line of a streaming answer can end anywhere, such as within emphasis, a link or code. Open
// constructs are rendered as if they were closed. Ambiguous text is held back until more arrives.

/** Maximum number of characters to hold back. Longer text is shown as plain text. */
const MAX_PENDING = 400;

/** Character that marks emphasis. */
type Marker = '*' | '_' | '~';

/** A run of markers that opened an emphasis. */
interface Opener {
  readonly marker: Marker;
  readonly at: number;
  length: number;
}

/** Open emphasis by marker, so that the last one of a marker is found in constant time. */
type Openers = Readonly<Record<Marker, Opener[]>>;

/** Index to continue at, or the complete text to show if the rest is held back. */
type Step = number | string;

/** Completes the last line of a source in its tokens. A source that ends with an empty line has none. */
export function completeEnd(source: string, tokens: readonly Token[]): void {
  if (/(?:^|\n)[ \t]*\n[ \t]*$/.test(source)) return;
  // Table cells that have not arrived exist as empty tokens.
  const last = tokens.findLast(({ nesting, content }) => nesting === 0 && content !== '');
  if (last?.type === 'inline') last.content = completeInline(last.content);
}

/** Completes inline content so that more text will not change how it looks. */
function completeInline(content: string): string {
  const openers: Openers = { '*': [], _: [], '~': [] };
  // Markers at the end either open something or close what is completed here anyway.
  let shown = trimEndChars(content, /[\s*_~]/);
  for (let at = 0; at < shown.length;) {
    const step = read(shown, at, openers);
    if (typeof step === 'string') shown = step.trimEnd();
    at = typeof step === 'string' ? Infinity : step;
  }
  let text = shown;
  for (const { marker, at, length } of sortInnermostFirst(openers)) {
    // Markers without content could still become something else.
    text = at + length < text.length ? text + marker.repeat(length) : text.slice(0, at).trimEnd();
  }
  return text;
}

function sortInnermostFirst(openers: Openers): Opener[] {
  return Object.values(openers)
    .flat()
    .toSorted((a, b) => b.at - a.at);
}

function read(content: string, at: number, openers: Openers): Step {
  switch (content.charAt(at)) {
    case '\\':
      return at + 1 === content.length ? holdBack(content, at) : at + 2;
    case '`':
      return readCode(content, at);
    case '!':
      if (at + 1 === content.length) return holdBack(content, at);
      return content[at + 1] === '[' ? readBrackets(content, at, at + 1) : at + 1;
    case '[':
      return readBrackets(content, at, at);
    case '*':
    case '_':
    case '~':
      return readMarkers(content, at, openers);
    case '&':
      return endsWithin(content, at, /^&#?\w*$/) ? holdBack(content, at) : at + 1;
    case '<':
      return endsWithin(content, at, /^<[a-z][^\s<>]*$/i) ? holdBack(content, at) : at + 1;
    default:
      return at + 1;
  }
}

/** Holds back everything from `at`, unless that is too much. */
function holdBack(content: string, at: number): Step {
  return content.length - at > MAX_PENDING ? at + 1 : content.slice(0, at);
}

function endsWithin(content: string, at: number, pattern: RegExp): boolean {
  return content.length - at <= MAX_PENDING && pattern.test(content.slice(at));
}

function readCode(content: string, at: number): Step {
  const ticks = readRun(content, at);
  const from = at + ticks.length;
  for (let close = content.indexOf('`', from); close !== -1;) {
    const { length } = readRun(content, close);
    if (length === ticks.length) return close + length;
    close = content.indexOf('`', close + length);
  }
  const code = trimEndChars(content.slice(from), /[\s`]/);
  return content.slice(0, at) + (code === '' ? '' : ticks + code + ticks);
}

/** Reads a link or an image that starts at `from` and whose bracket opens at `at`. */
function readBrackets(content: string, from: number, at: number): Step {
  const isImage = from !== at;
  const close = findClosing(content, at, MAX_PENDING);
  if (close === null) return at + 1;
  // The character after the brackets decides if they are a link.
  if (close === -1 || close + 1 === content.length) return holdBack(content, from);
  if (content[close + 1] === '[') {
    const second = findClosing(content, close + 1, MAX_PENDING);
    return second === -1 ? holdBack(content, from) : (second ?? close) + 1;
  }
  if (content[close + 1] !== '(') return at + 1;
  const run = findUrlEnd(content, close + 2);
  const end = findClosing(content, close + 1, Math.max(MAX_PENDING, run - close));
  if (end !== null && end !== -1) return end + 1;
  const isData = content.startsWith('data:', close + 2) && run === content.length;
  // A long unfinished URL is skipped, so that it is not scanned again.
  if (!isData && (end === null || run - close > MAX_PENDING)) return Math.max(at + 1, run);
  const before = content.slice(0, from);
  if (isImage) return before;
  return `${before}[${completeInline(content.slice(at + 1, close))}](${PENDING_LINK})`;
}

/** Index of the first space, which ends a URL. */
function findUrlEnd(content: string, at: number): number {
  const space = /\s/g;
  space.lastIndex = at;
  return space.exec(content)?.index ?? content.length;
}

/** Index of the closing bracket; -1 if there is none, null if there is none within `limit`. */
function findClosing(content: string, at: number, limit: number): number | null {
  const open = content[at]!;
  const close = open === '[' ? ']' : ')';
  let depth = 0;
  const last = Math.min(content.length, at + limit);
  for (let index = at; index < last; index++) {
    const character = content[index];
    if (character === '\\') index++;
    else if (character === open) depth++;
    else if (character === close && --depth === 0) return index;
  }
  return last < content.length ? null : -1;
}

function readMarkers(content: string, at: number, openers: Openers): Step {
  const run = readRun(content, at);
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

/** Closes open emphasis, innermost first. Returns the number of unused markers. */
function closeEmphases(openers: Openers, marker: Marker, length: number): number {
  const own = openers[marker];
  let left = length;
  while (left > 0) {
    const opener = own.at(-1);
    if (!opener) return left;
    // Unclosed emphasis within the closed one is plain text.
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

/** The run of equal characters at an index. */
function readRun(content: string, at: number): string {
  let end = at + 1;
  while (content[end] === content[at]) end++;
  return content.slice(at, end);
}

/** Removes matching characters from the end, except an escaped one. */
function trimEndChars(text: string, pattern: RegExp): string {
  let end = text.length;
  while (end > 0 && pattern.test(text[end - 1]!) && text[end - 2] !== '\\') end--;
  return text.slice(0, end);
}
