import type { Token } from 'markdown-it';
import { isImageDataUri, resolveLink } from './links.ts';
import type { Inline } from './tree.ts';

const WRAPPERS: Readonly<Record<string, 'emphasis' | 'strong' | 'struck'>> = {
  em_open: 'emphasis',
  strong_open: 'strong',
  s_open: 'struck',
};

/** Maximum nesting. Deeper content would overflow the stack. */
const MAX_DEPTH = 30;

/** Builds inline content from flat tokens. */
export function buildInlines(tokens: readonly Token[]): readonly Inline[] {
  const root: Inline[] = [];
  // Open elements, innermost last.
  const open: Inline[][] = [root];
  for (const token of tokens) {
    const parent = open.at(-1)!;
    if (token.nesting < 0) open.pop();
    else if (token.nesting > 0) {
      const children: Inline[] = open.length > MAX_DEPTH ? parent : [];
      if (children !== parent) parent.push(createWrapper(token, children));
      open.push(children);
    } else {
      const piece = createInline(token);
      if (piece) parent.push(piece);
    }
  }
  return root;
}

function createWrapper(token: Token, children: readonly Inline[]): Inline {
  const type = WRAPPERS[token.type];
  if (type) return { type, children };
  return { type: 'link', target: resolveLink(readUrl(token, 'href')), children };
}

function createInline(token: Token): Inline | null {
  switch (token.type) {
    case 'softbreak':
    case 'hardbreak':
      return { type: 'break' };
    case 'code_inline':
      return { type: 'code', text: token.content };
    case 'image':
      return createImage(readUrl(token, 'src'), readText(token.children ?? []));
    default:
      return token.content === '' ? null : { type: 'text', text: token.content };
  }
}

/** Images load nothing from the network. A remote image becomes a link. */
function createImage(address: string, description: string): Inline {
  if (isImageDataUri(address)) return { type: 'image', source: address, description };
  const text = description === '' ? address : description;
  return { type: 'link', target: resolveLink(address), children: [{ type: 'text', text }] };
}

function readUrl(token: Token, attribute: 'href' | 'src'): string {
  return String(token.attrGet(attribute) ?? '');
}

/** Text of tokens without markup. */
function readText(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === 'softbreak' || token.type === 'hardbreak') return ' ';
      return token.children ? readText(token.children) : token.content;
    })
    .join('');
}
