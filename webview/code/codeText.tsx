import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { highlightableLength, highlighted, type CodePiece } from './highlighting.ts';

/** How long the last lines of code that does not go on stay in one colour. */
const PATIENCE_MILLISECONDS = 200;

/** Highlighted code, which may grow. */
export function CodeText({
  language,
  text,
}: {
  readonly language: string;
  readonly text: string;
}): JSX.Element {
  const [whole, setWhole] = useState(text);
  const length = useRef(0);
  length.current = text === whole ? text.length : highlightableLength(text, length.current);
  const start = text.slice(0, length.current);
  const rest = text.slice(length.current);
  useEffect(() => {
    if (rest === '') return;
    const timer = setTimeout(() => setWhole(text), PATIENCE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [text]);
  const pieces = useMemo(() => highlighted(start, language).map(elementOf), [start, language]);
  return (
    <code>
      {pieces}
      {rest}
    </code>
  );
}

function elementOf(piece: CodePiece): JSX.Element | string {
  if (typeof piece === 'string') return piece;
  return <span class={`code-${piece.kind}`}>{piece.pieces.map(elementOf)}</span>;
}
