import { createLowlight } from 'lowlight';
import { languages } from './languages.ts';

const highlighter = createLowlight(languages);

type Nodes = ReturnType<typeof highlighter.highlight>['children'];

/** A piece of code: words alone, or with what they are, such as `keyword`, around pieces. */
export type CodePiece = string | { readonly kind: string; readonly pieces: readonly CodePiece[] };

/** A longer block is shown in one colour: none is worth a page that does not move. */
const LONGEST = 40_000;

/** The pieces of code; of a language that is not known, or too much of it, it is one piece. */
export function highlighted(code: string, language: string): readonly CodePiece[] {
  if (code.length > LONGEST || !highlighter.registered(language)) return [code];
  return piecesOf(highlighter.highlight(language, code).children);
}

/**
 * How much of code that grows is to be highlighted, of which so much is: by lines, and seldom enough
 * that all of it takes time in proportion to its length. What follows is in one colour for a moment.
 */
export function highlightableLength(code: string, highlightedLength: number): number {
  const lines = code.lastIndexOf('\n') + 1;
  return lines - highlightedLength > highlightedLength / 8 ? lines : highlightedLength;
}

function piecesOf(nodes: Nodes): readonly CodePiece[] {
  return nodes.flatMap((node): CodePiece[] => {
    if (node.type === 'text') return [node.value];
    if (node.type !== 'element') return [];
    const classes = node.properties['className'];
    const [kind] = Array.isArray(classes) ? classes : [];
    return [{ kind: String(kind).replace(/^hljs-/, ''), pieces: piecesOf(node.children) }];
  });
}
