import { isJson } from '../json.ts';
import { LONGEST_EVENT, type Frame, type Framing } from './frame.ts';
import { createLines, type Line } from './lines.ts';

/** JSON: a document a line, as soon as the first line is one; a single document otherwise. */
export function createJsonLines(): Framing {
  const lines = createLines();
  let form: 'lines' | 'document' | null = null;
  let document = '';
  let cut = 0;

  function read({ text, cut: more }: Line): Frame[] {
    if (form !== 'document' && text.trim() === '') return [];
    form ??= more > 0 || isJson(text) ? 'lines' : 'document';
    if (form === 'lines') {
      if (more === 0 && !isJson(text)) return [{ type: 'words', text: `${text}\n` }];
      return [{ type: 'event', name: undefined, data: text, cut: more }];
    }
    const kept = `${text}\n`.slice(0, LONGEST_EVENT - document.length);
    document += kept;
    cut += text.length + 1 - kept.length + more;
    return [];
  }

  return {
    push: (text) => lines.push(text).flatMap(read),
    end() {
      const last = lines.end().flatMap(read);
      if (form !== 'document') return last;
      return [{ type: 'event', name: undefined, data: document.replace(/\n$/, ''), cut }];
    },
  };
}
