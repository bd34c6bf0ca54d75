import type { Framing } from './frame.ts';
import { createJsonLines } from './jsonLines.ts';
import { createServerSentEvents } from './serverSentEvents.ts';
import { createWords } from './words.ts';

/** How an answer of this content type is cut into frames. */
export function framingOf(contentType: string): Framing {
  const mediaType = contentType.split(';', 1)[0]!.trim().toLowerCase();
  if (mediaType === 'text/event-stream') return createServerSentEvents();
  if (/[/+](?:json|jsonl|json-seq|x-ndjson|ndjson|jsonlines|stream\+json)$/.test(mediaType)) {
    return bySight(createJsonLines);
  }
  if (/^(?:image|audio|video|font)\/|^application\/(?:pdf|zip|gzip)$/.test(mediaType)) {
    return createBinary();
  }
  return bySight(createWords);
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

const FIELDS = ['data:', 'event:', 'id:', 'retry:'];

/** What an answer that begins so is; null where more must be seen. Words may be any other form. */
function formOf(head: string, isWhole: boolean): 'events' | 'json' | 'words' | null {
  const start = head.trimStart();
  if (FIELDS.some((field) => start.startsWith(field))) return 'events';
  const isOpen = !isWhole && head.length < 1000;
  if (isOpen && FIELDS.some((field) => field.startsWith(start))) return null;
  if (!/^[{[]/.test(start)) return 'words';
  const next = start.slice(1).trimStart();
  if (isOpen && next === '') return null;
  return (start.startsWith('{') ? /^["}]/ : /^["{[\]]/).test(next) ? 'json' : 'words';
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
