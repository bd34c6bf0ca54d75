import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { foldedText } from '../longRuns/foldedText.tsx';
import { highlightableLength, highlighted, type CodePiece } from './highlighting.ts';

/** Delay before the last lines of code that stopped growing are highlighted. */
const PATIENCE_MILLISECONDS = 200;

/** Highlights code that may grow. */
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
      {foldedText(rest)}
    </code>
  );
}

function elementOf(piece: CodePiece): ComponentChildren {
  if (typeof piece === 'string') return foldedText(piece);
  return <span class={`code-${piece.kind}`}>{piece.pieces.map(elementOf)}</span>;
}
