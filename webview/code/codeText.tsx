import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { foldLongRuns } from '../longRuns/foldLongRuns.tsx';
import { highlightableLength, highlight, type CodePiece } from './highlighting.ts';

/** Delay before the last lines of code that stopped growing are highlighted. */
const HIGHLIGHT_DELAY_MILLISECONDS = 200;

/** Highlights code that may grow. */
export function CodeText({
  language,
  text,
}: {
  readonly language: string;
  readonly text: string;
}): JSX.Element {
  const [stalledText, setStalledText] = useState(text);
  const length = useRef(0);
  length.current = text === stalledText ? text.length : highlightableLength(text, length.current);
  const start = text.slice(0, length.current);
  const rest = text.slice(length.current);
  useEffect(() => {
    if (rest === '') return;
    const timer = setTimeout(() => setStalledText(text), HIGHLIGHT_DELAY_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [text]);
  const pieces = useMemo(() => highlight(start, language).map(toElement), [start, language]);
  return (
    <code>
      {pieces}
      {foldLongRuns(rest)}
    </code>
  );
}

function toElement(piece: CodePiece): ComponentChildren {
  if (typeof piece === 'string') return foldLongRuns(piece);
  return <span class={`code-${piece.kind}`}>{piece.pieces.map(toElement)}</span>;
}
