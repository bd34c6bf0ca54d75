import { createLowlight } from 'lowlight';
import { languages } from './languages.ts';

const highlighter = createLowlight(languages);

type Nodes = ReturnType<typeof highlighter.highlight>['children'];

/** A piece of code: words alone, or with what they are, such as `keyword`, around pieces. */
export type CodePiece = string | { readonly kind: string; readonly pieces: readonly CodePiece[] };

/** A longer block is shown in one colour: none is worth a page that does not move. */
const LONGEST = 40_000;

/** Nobody sees colours within more colours, and code that is nested without end must not end us. */
const DEEPEST = 20;

/**
 * So many words with hardly a sign between them are no code, and grammars look at such a run again from
 * each of its letters: C's took half a minute for 39 kB.
 */
const WORDS = /[\p{L}\p{N}\s_*&.]{500}/u;

/** The pieces of code; of a language that is not known, or too much of it, it is one piece. */
export function highlighted(code: string, language: string): readonly CodePiece[] {
  if (isTooMuch(code) || !highlighter.registered(language)) return [code];
  try {
    return piecesOf(highlighter.highlight(language, code).children, 0);
  } catch {
    // A grammar that fails costs the colours and no more.
    return [code];
  }
}

/**
 * How much of code that grows is to be highlighted, of which so much is: by lines, and seldom enough
 * that all of it takes time in proportion to its length. What follows is in one colour for a moment.
 */
export function highlightableLength(code: string, highlightedLength: number): number {
  const lines = code.lastIndexOf('\n') + 1;
  return lines - highlightedLength > highlightedLength / 8 ? lines : highlightedLength;
}

function isTooMuch(code: string): boolean {
  return code.length > LONGEST || WORDS.test(code);
}

function piecesOf(nodes: Nodes, depth: number): readonly CodePiece[] {
  if (depth === DEEPEST) return [textOf(nodes)];
  return nodes.flatMap((node): CodePiece[] => {
    if (node.type === 'text') return [node.value];
    if (node.type !== 'element') return [];
    const classes = node.properties['className'];
    const [kind] = Array.isArray(classes) ? classes : [];
    return [
      { kind: String(kind).replace(/^hljs-/, ''), pieces: piecesOf(node.children, depth + 1) },
    ];
  });
}

/** What nodes say, however deep they lie. */
function textOf(nodes: Nodes): string {
  let text = '';
  const waiting = nodes.toReversed();
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.type === 'text') text += node.value;
    else if (node.type === 'element') waiting.push(...node.children.toReversed());
  }
  return text;
}
