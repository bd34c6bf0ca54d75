import type { Framing } from './frame.ts';
import { createJsonLines } from './jsonLines.ts';
import { createServerSentEvents } from './serverSentEvents.ts';
import { createPlainText } from './plainText.ts';

/** Chooses the framing for a content type. */
export function chooseFraming(contentType: string): Framing {
  const mediaType = contentType.split(';', 1)[0]!.trim().toLowerCase();
  if (mediaType === 'text/event-stream') return createServerSentEvents();
  if (/[/+](?:json|jsonl|json-seq|x-ndjson|ndjson|jsonlines|stream\+json)$/.test(mediaType)) {
    return detectFraming(createJsonLines);
  }
  if (/^(?:image|audio|video|font)\/|^application\/(?:pdf|zip|gzip)$/.test(mediaType)) {
    return createBinary();
  }
  return detectFraming(createPlainText);
}

/** Detects the framing from the start of the answer, because agents send wrong content types. */
function detectFraming(createDefault: () => Framing): Framing {
  let head = '';
  let chosen: Framing | null = null;
  function choose(isWhole: boolean): Framing | null {
    const form = recognizeForm(head, isWhole);
    if (form === null) return null;
    if (form === 'events') return createServerSentEvents();
    return form === 'json' ? createJsonLines() : createDefault();
  }
  return {
    push(text) {
      if (chosen) return chosen.push(text);
      head += text;
      chosen = choose(false);
      return chosen?.push(head) ?? [];
    },
    end() {
      if (chosen) return chosen.end();
      chosen = choose(true)!;
      return [...chosen.push(head), ...chosen.end()];
    },
  };
}

/** Number of characters that determine the form, however they are split. */
const HEAD_LENGTH = 1000;

/** A field that may precede the data of an event. */
const FIELD = /^(?:event|id|retry):/;

const FIELDS = ['data:', 'event:', 'id:', 'retry:'];

/** Recognizes the form of an answer from its start; null if more text is needed. */
function recognizeForm(text: string, isWhole: boolean): 'events' | 'json' | 'text' | null {
  const start = text.slice(0, HEAD_LENGTH).trimStart();
  const isOpen = !isWhole && text.length < HEAD_LENGTH;
  if (/^[{[]/.test(start)) return isOpen && /^[{[][\s[]*$/.test(start) ? null : jsonOrText(start);
  const form = eventsOrText(start);
  return form === null && !isOpen ? 'text' : form;
}

function jsonOrText(start: string): 'json' | 'text' {
  const within = start.slice(1).trimStart();
  if (start.startsWith('{')) return /^["}]/.test(within) ? 'json' : 'text';
  // `[1]` may be a footnote, but `[[1]]` is JSON.
  const isNested = within.startsWith('[');
  const next = within.replace(/^[\s[]+/, '');
  return /^["{\]]/.test(next) || (isNested && /^[-\dtfn]/.test(next)) ? 'json' : 'text';
}

/** Plain text may start with `id:` too. Only a `data:` field makes it an event stream. */
function eventsOrText(start: string): 'events' | 'text' | null {
  const lines = start.split(/\r\n|\r|\n/);
  const last = lines.pop()!;
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('data:')) return 'events';
    const isComment = index > 0 && line.startsWith(':');
    if (line !== '' && !isComment && !FIELD.test(line)) return 'text';
  }
  if (last.startsWith('data:')) return 'events';
  const isComment = lines.length > 0 && last.startsWith(':');
  const mayBeField = FIELD.test(last) || FIELDS.some((field) => field.startsWith(last));
  return isComment || mayBeField ? null : 'text';
}

function createBinary(): Framing {
  let length = 0;
  return {
    push(text) {
      length += text.length;
      return [];
    },
    end: () => [{ type: 'binary', length, unit: 'characters' }],
  };
}
