import type { Block, Inline } from './tree.ts';

/** What has been said of blocks, which stay the same as long as they say the same. */
const said = new WeakMap<Block, string>();

/** What is read aloud of a text: its words, without what marks them, a line for each line. */
export function toSpokenText(blocks: readonly Block[]): string {
  return blocks.map(blockInWords).filter(Boolean).join('\n');
}

function blockInWords(block: Block): string {
  const known = said.get(block);
  if (known !== undefined) return known;
  const words = inWords(block);
  said.set(block, words);
  return words;
}

function inWords(block: Block): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return plainText(block.content);
    case 'quote':
      return toSpokenText(block.children);
    case 'list':
      return block.items.map(({ children }) => toSpokenText(children)).join('\n');
    case 'code':
      // Nobody follows code by ear; it is found as a figure of its language, and gone through by lines.
      return block.language === '' ? 'Code.' : `Code in ${block.language}.`;
    case 'table':
      return [block.header, ...block.rows]
        .map((row) => row.map(({ content }) => plainText(content)).join(', '))
        .join('\n');
    case 'rule':
      return '';
  }
}

/** The text of pieces of a line, without their markup. */
export function plainText(pieces: readonly Inline[]): string {
  return pieces.map(pieceInWords).join('');
}

function pieceInWords(piece: Inline): string {
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
