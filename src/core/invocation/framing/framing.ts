import type { Framing } from './frame.ts';
import { createJsonLines } from './jsonLines.ts';
import { createServerSentEvents } from './serverSentEvents.ts';
import { createPlainText } from './plainText.ts';

/** How an answer of this content type is cut into frames. */
export function chooseFraming(contentType: string): Framing {
  const mediaType = contentType.split(';', 1)[0]!.trim().toLowerCase();
  if (mediaType === 'text/event-stream') return createServerSentEvents();
  if (/[/+](?:json|jsonl|json-seq|x-ndjson|ndjson|jsonlines|stream\+json)$/.test(mediaType)) {
    return bySight(createJsonLines);
  }
  if (/^(?:image|audio|video|font)\/|^application\/(?:pdf|zip|gzip)$/.test(mediaType)) {
    return createBinary();
  }
  return bySight(createPlainText);
}

/** Agents name their types wrongly: what is plainly of another form than this one is read as that. */
function bySight(create: () => Framing): Framing {
  let head = '';
  let chosen: Framing | null = null;
  function choose(isWhole: boolean): Framing | null {
    const form = formOf(head, isWhole);
    if (form === null) return null;
    if (form === 'events') return createServerSentEvents();
    return form === 'json' ? createJsonLines() : create();
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

/** By so many characters it is decided, wherever they were cut. */
const HEAD = 1000;

/** What may stand before an event's data, beside comments. */
const FIELD = /^(?:event|id|retry):/;

const FIELDS = ['data:', 'event:', 'id:', 'retry:'];

/** What an answer that begins so is; null where more must be seen. Words may be any other form. */
function formOf(text: string, isWhole: boolean): 'events' | 'json' | 'words' | null {
  const start = text.slice(0, HEAD).trimStart();
  const isOpen = !isWhole && text.length < HEAD;
  if (/^[{[]/.test(start)) return isOpen && /^[{[][\s[]*$/.test(start) ? null : jsonOrWords(start);
  const form = eventsOrWords(start);
  return form === null && !isOpen ? 'words' : form;
}

function jsonOrWords(start: string): 'json' | 'words' {
  const within = start.slice(1).trimStart();
  if (start.startsWith('{')) return /^["}]/.test(within) ? 'json' : 'words';
  // A list of numbers or names by itself is as likely a note; within another list it is one of JSON's.
  const isNested = within.startsWith('[');
  const next = within.replace(/^[\s[]+/, '');
  return /^["{\]]/.test(next) || (isNested && /^[-\dtfn]/.test(next)) ? 'json' : 'words';
}

/** Plain words, too, may begin with `id:`; events they are when there is data. */
function eventsOrWords(start: string): 'events' | 'words' | null {
  const lines = start.split(/\r\n|\r|\n/);
  const last = lines.pop()!;
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('data:')) return 'events';
    const isComment = index > 0 && line.startsWith(':');
    if (line !== '' && !isComment && !FIELD.test(line)) return 'words';
  }
  if (last.startsWith('data:')) return 'events';
  const isComment = lines.length > 0 && last.startsWith(':');
  const mayBeField = FIELD.test(last) || FIELDS.some((field) => field.startsWith(last));
  return isComment || mayBeField ? null : 'words';
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
