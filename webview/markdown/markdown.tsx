import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { MemoizedList } from '../transcript/memoizedList.tsx';
import { BlockView } from './blockView.tsx';
import { createDocument } from './document.ts';
import type { Block } from './tree.ts';

/** How long the last letters of a long block may wait for more of it. */
const PATIENCE_MILLISECONDS = 250;

/** A text of markdown, so far as it has come. */
export function Markdown({
  text,
  growing,
}: {
  readonly text: string;
  /** Whether more of it may come. */
  readonly growing: boolean;
}): JSX.Element {
  const [document] = useState(createDocument);
  const [waited, setWaited] = useState('');
  const stands = text === waited;
  const blocks = useMemo(
    () => document.read(text, { ended: !growing, stands }),
    [text, growing, stands],
  );
  useEffect(() => {
    if (!document.isBehind()) return;
    const timer = setTimeout(() => setWaited(text), PATIENCE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div class="markdown">
      <MemoizedList items={blocks} show={showBlock} />
    </div>
  );
}

function showBlock(block: Block, index: number): JSX.Element {
  return <BlockView key={index} block={block} />;
}
