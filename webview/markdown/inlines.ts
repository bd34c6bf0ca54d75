import type { Token } from 'markdown-it';
import { isImageDataUri, resolveLink } from './links.ts';
import type { Inline } from './tree.ts';

const WRAPPERS: Readonly<Record<string, 'emphasis' | 'strong' | 'struck'>> = {
  em_open: 'emphasis',
  strong_open: 'strong',
  s_open: 'struck',
};

/** Nobody sees more, and what is nested without end must not end us. */
const DEEPEST = 30;

/** The pieces of a line, of its tokens. */
export function buildInlines(tokens: readonly Token[]): readonly Inline[] {
  const root: Inline[] = [];
  // Those that are open, innermost last: tokens of a line lie flat, and open and close.
  const open: Inline[][] = [root];
  for (const token of tokens) {
    const into = open.at(-1)!;
    if (token.nesting < 0) open.pop();
    else if (token.nesting > 0) {
      const children: Inline[] = open.length > DEEPEST ? into : [];
      if (children !== into) into.push(wrapperOf(token, children));
      open.push(children);
    } else {
      const piece = pieceOf(token);
      if (piece) into.push(piece);
    }
  }
  return root;
}

function wrapperOf(token: Token, children: readonly Inline[]): Inline {
  const type = WRAPPERS[token.type];
  if (type) return { type, children };
  return { type: 'link', target: resolveLink(addressIn(token, 'href')), children };
}

function pieceOf(token: Token): Inline | null {
  switch (token.type) {
    case 'softbreak':
    case 'hardbreak':
      return { type: 'break' };
    case 'code_inline':
      return { type: 'code', text: token.content };
    case 'image':
      return imageOf(addressIn(token, 'src'), textOf(token.children ?? []));
    default:
      return token.content === '' ? null : { type: 'text', text: token.content };
  }
}

/** An image that would have to be loaded is a link to it: who wants it asks for it. */
function imageOf(address: string, description: string): Inline {
  if (isImageDataUri(address)) return { type: 'image', source: address, description };
  const text = description === '' ? address : description;
  return { type: 'link', target: resolveLink(address), children: [{ type: 'text', text }] };
}

function addressIn(token: Token, attribute: 'href' | 'src'): string {
  return String(token.attrGet(attribute) ?? '');
}

/** What tokens say without their markup. */
function textOf(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === 'softbreak' || token.type === 'hardbreak') return ' ';
      return token.children ? textOf(token.children) : token.content;
    })
    .join('');
}
