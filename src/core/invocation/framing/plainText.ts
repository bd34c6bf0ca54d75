import type { Framing } from './frame.ts';

/** Words as they come, until a NUL says that they are none. */
export function createPlainText(): Framing {
  let binary = 0;
  return {
    push(text) {
      const end = binary > 0 ? 0 : text.indexOf('\0');
      const words = end === -1 ? text : text.slice(0, end);
      binary += text.length - words.length;
      return words === '' ? [] : [{ type: 'words', text: words }];
    },
    end: () => (binary === 0 ? [] : [{ type: 'binary', length: binary, unit: 'characters' }]),
  };
}
