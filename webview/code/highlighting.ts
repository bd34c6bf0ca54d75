import { createLowlight } from 'lowlight';
import { languages } from './languages.ts';

const highlighter = createLowlight(languages);

type Nodes = ReturnType<typeof highlighter.highlight>['children'];

/** A piece of code: plain text, or pieces with a token kind such as `keyword`. */
export type CodePiece = string | { readonly kind: string; readonly pieces: readonly CodePiece[] };

/** Maximum number of characters that are highlighted. More would block the page. */
const MAX_LENGTH = 40_000;

/** Maximum nesting of tokens. Deeper code would overflow the stack. */
const MAX_DEPTH = 20;

/**
 * A long run without punctuation is not code. Some grammars take quadratic time on it: the C grammar
 * took half a minute for 39 kB.
 */
const PLAIN_TEXT = /[\p{L}\p{N}\s_*&.]{500}/u;

/** Highlights code. Code in an unknown language or beyond the limits is returned as one piece. */
export function highlight(code: string, language: string): readonly CodePiece[] {
  if (exceedsLimits(code) || !highlighter.registered(language)) return [code];
  try {
    return toPieces(highlighter.highlight(language, code).children, 0);
  } catch {
    // If a grammar fails, the code is shown without colors.
    return [code];
  }
}

/**
 * Length of the prefix of growing code to highlight next. It consists of complete lines and grows by
 * at least an eighth, so that the total time is linear in the length of the code.
 */
export function highlightableLength(code: string, highlightedLength: number): number {
  const lines = code.lastIndexOf('\n') + 1;
  return lines - highlightedLength > highlightedLength / 8 ? lines : highlightedLength;
}

function exceedsLimits(code: string): boolean {
  return code.length > MAX_LENGTH || PLAIN_TEXT.test(code);
}

function toPieces(nodes: Nodes, depth: number): readonly CodePiece[] {
  if (depth === MAX_DEPTH) return [readText(nodes)];
  return nodes.flatMap((node): CodePiece[] => {
    if (node.type === 'text') return [node.value];
    if (node.type !== 'element') return [];
    const classes = node.properties['className'];
    const [kind] = Array.isArray(classes) ? classes : [];
    return [
      { kind: String(kind).replace(/^hljs-/, ''), pieces: toPieces(node.children, depth + 1) },
    ];
  });
}

/** Text of nodes at any depth, without recursion. */
function readText(nodes: Nodes): string {
  let text = '';
  const pending = nodes.toReversed();
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === 'text') text += node.value;
    else if (node.type === 'element') pending.push(...node.children.toReversed());
  }
  return text;
}
