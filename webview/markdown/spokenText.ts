import type { Block, Inline } from './tree.ts';

/** Cached text by block. Unchanged blocks keep their identity. */
const cache = new WeakMap<Block, string>();

/** Text for screen readers: without markup, one line per line. */
export function toSpokenText(blocks: readonly Block[]): string {
  return blocks.map(speakBlock).filter(Boolean).join('\n');
}

function speakBlock(block: Block): string {
  const known = cache.get(block);
  if (known !== undefined) return known;
  const words = createSpokenText(block);
  cache.set(block, words);
  return words;
}

function createSpokenText(block: Block): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return plainText(block.content);
    case 'quote':
      return toSpokenText(block.children);
    case 'list':
      return block.items.map(({ children }) => toSpokenText(children)).join('\n');
    case 'code':
      // Code is not read aloud. Screen reader users find it as a figure with its language.
      return block.language === '' ? 'Code.' : `Code in ${block.language}.`;
    case 'table':
      return [block.header, ...block.rows]
        .map((row) => row.map(({ content }) => plainText(content)).join(', '))
        .join('\n');
    case 'rule':
      return '';
  }
}

/** Text of inline content without markup. */
export function plainText(pieces: readonly Inline[]): string {
  return pieces.map(speakInline).join('');
}

function speakInline(piece: Inline): string {
  switch (piece.type) {
    case 'text':
    case 'code':
      return piece.text;
    case 'break':
      return '\n';
    case 'emphasis':
    case 'strong':
    case 'struck':
      return plainText(piece.children);
    case 'link': {
      const words = plainText(piece.children);
      return piece.target.type === 'closed' ? `${words} (${piece.target.written})` : words;
    }
    case 'image':
      return piece.description;
  }
}
