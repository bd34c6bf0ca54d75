import type { Framing } from './frame.ts';

/** Passes text on as it arrives. After a NUL character, the rest is binary. */
export function createPlainText(): Framing {
  let binary = 0;
  return {
    push(text) {
      const end = binary > 0 ? 0 : text.indexOf('\0');
      const readable = end === -1 ? text : text.slice(0, end);
      binary += text.length - readable.length;
      return readable === '' ? [] : [{ type: 'text', text: readable }];
    },
    end: () => (binary === 0 ? [] : [{ type: 'binary', length: binary, unit: 'characters' }]),
  };
}
