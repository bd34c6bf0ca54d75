import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { MemoizedList } from '../transcript/memoizedList.tsx';
import { BlockView } from './blockView.tsx';
import { createMarkdownDocument } from './document.ts';
import type { Block } from './tree.ts';

/** Delay after which a text that stopped growing is parsed completely. */
const STALL_MILLISECONDS = 250;

/** Renders markdown that may be streaming. */
export function Markdown({
  text,
  growing,
}: {
  readonly text: string;
  /** True while the text may grow. */
  readonly growing: boolean;
}): JSX.Element {
  const [document] = useState(createMarkdownDocument);
  const [stalledText, setStalledText] = useState('');
  const isStalled = text === stalledText;
  const blocks = useMemo(
    () => document.read(text, { ended: !growing, isStalled }),
    [text, growing, isStalled],
  );
  useEffect(() => {
    if (!document.isBehind()) return;
    const timer = setTimeout(() => setStalledText(text), STALL_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div class="markdown">
      <MemoizedList items={blocks} renderItem={renderBlock} />
    </div>
  );
}

function renderBlock(block: Block, index: number): JSX.Element {
  return <BlockView key={index} block={block} />;
}
