import { isJson } from '../json.ts';
import { MAX_EVENT_LENGTH, type Frame, type Framing } from './frame.ts';
import { createLineSplitter, type TextLine } from './lineSplitter.ts';

/** Cuts JSON into one document per line, or keeps a single document. The first two lines decide. */
export function createJsonLines(): Framing {
  const lines = createLineSplitter();
  let form: 'lines' | 'document' | null = null;
  /** The first line, while the form is unknown. */
  let first: TextLine | null = null;
  let document = '';
  let cut = 0;

  function read(line: TextLine): Frame[] {
    if (form === 'document') return keep(line);
    if (line.text.trim() === '') return [];
    if (form === 'lines') return [toFrame(line)];
    if (isDocument(line)) {
      form = 'lines';
      return [...(first ? [toFrame(first)] : []), toFrame(line)];
    }
    if (first === null && !isIncomplete(line.text)) {
      first = line;
      return [];
    }
    form = 'document';
    return [...(first ? keep(first) : []), ...keep(line)];
  }

  function keep({ text, cut: more }: TextLine): Frame[] {
    const kept = `${text}\n`.slice(0, MAX_EVENT_LENGTH - document.length);
    document += kept;
    cut += text.length + 1 - kept.length + more;
    return [];
  }

  return {
    push: (text) => lines.push(text).flatMap(read),
    end() {
      const last = lines.end().flatMap(read);
      if (form === null && first) keep(first);
      if (document === '') return last;
      return [{ type: 'event', name: undefined, data: document.replace(/\n$/, ''), cut }];
    },
  };
}

function isDocument({ text, cut }: TextLine): boolean {
  return cut > 0 || isJson(text);
}

/** True for a line that a later line must complete. */
function isIncomplete(line: string): boolean {
  return /[[{,:]\s*$/.test(line);
}

function toFrame(line: TextLine): Frame {
  const { text, cut } = line;
  // An invalid line is shown too.
  if (!isDocument(line)) return { type: 'text', text: `${text}\n` };
  return { type: 'event', name: undefined, data: text, cut };
}
