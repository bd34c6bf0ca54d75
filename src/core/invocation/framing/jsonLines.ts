import { isJson } from '../json.ts';
import { LONGEST_EVENT, type Frame, type Framing } from './frame.ts';
import { createLineSplitter, type TextLine } from './lineSplitter.ts';

/** JSON: a document a line, or a single document, which its first two lines tell. */
export function createJsonLines(): Framing {
  const lines = createLineSplitter();
  let form: 'lines' | 'document' | null = null;
  // The first line, while it is not known which.
  let first: TextLine | null = null;
  let document = '';
  let cut = 0;

  function read(line: TextLine): Frame[] {
    if (form === 'document') return keep(line);
    if (line.text.trim() === '') return [];
    if (form === 'lines') return [eventOf(line)];
    if (isWhole(line)) {
      form = 'lines';
      return [...(first ? [eventOf(first)] : []), eventOf(line)];
    }
    if (first === null && !opens(line.text)) {
      first = line;
      return [];
    }
    form = 'document';
    return [...(first ? keep(first) : []), ...keep(line)];
  }

  function keep({ text, cut: more }: TextLine): Frame[] {
    const kept = `${text}\n`.slice(0, LONGEST_EVENT - document.length);
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

function isWhole({ text, cut }: TextLine): boolean {
  return cut > 0 || isJson(text);
}

/** Whether a line is plainly the beginning of more: what is within it may be whole in itself. */
function opens(line: string): boolean {
  return /[[{,:]\s*$/.test(line);
}

function eventOf(line: TextLine): Frame {
  const { text, cut } = line;
  // An agent that writes a broken line has still said it.
  if (!isWhole(line)) return { type: 'words', text: `${text}\n` };
  return { type: 'event', name: undefined, data: text, cut };
}
