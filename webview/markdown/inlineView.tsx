import type { ComponentChildren, JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { FoldButton, FoldContext, foldLongRuns } from '../longRuns/foldLongRuns.tsx';
import { splitLongRuns } from '../longRuns/longRuns.ts';
import { plainText } from './spokenText.ts';
import type { Inline, LinkTarget } from './tree.ts';

const WRAPPERS = { emphasis: 'em', strong: 'strong', struck: 's' } as const;

/** Renders inline content. Memoized by identity. */
export function InlineViews({ pieces }: { readonly pieces: readonly Inline[] }): JSX.Element {
  return useMemo(() => <>{pieces.map(renderInline)}</>, [pieces]);
}

function renderInline(piece: Inline): ComponentChildren {
  switch (piece.type) {
    case 'text':
      return foldLongRuns(piece.text);
    case 'break':
      return <br />;
    case 'code':
      return <code dir="ltr">{foldLongRuns(piece.text)}</code>;
    case 'emphasis':
    case 'strong':
    case 'struck': {
      const Wrapper = WRAPPERS[piece.type];
      return <Wrapper>{piece.children.map(renderInline)}</Wrapper>;
    }
    case 'link':
      return <LinkView link={piece} />;
    case 'image':
      return <img src={piece.source} alt={piece.description} />;
  }
}

/** Maximum length of a URL in a tooltip. */
const MAX_TITLE_LENGTH = 500;

/** Renders a link, whose text may be folded. The button is outside, because a link cannot contain one. */
function LinkView({
  link: { target, children },
}: {
  readonly link: Inline & { readonly type: 'link' };
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const fold = { isOpen, setOpen };
  const folded = splitLongRuns(plainText(children)).filter(({ isLongRun }) => isLongRun);
  const length = folded.reduce((sum, { text }) => sum + text.length, 0);
  return (
    <>
      <FoldContext.Provider value={length > 0 ? fold : null}>
        <Link target={target}>{children.map(renderInline)}</Link>
      </FoldContext.Provider>
      {length > 0 && <FoldButton length={length} fold={fold} />}
    </>
  );
}

/** Renders a link with its URL, because its text may differ. */
function Link({
  target,
  children,
}: {
  readonly target: LinkTarget;
  readonly children: ComponentChildren;
}): JSX.Element {
  switch (target.type) {
    case 'open': {
      const { href } = target;
      const title = href.length > MAX_TITLE_LENGTH ? `${href.slice(0, MAX_TITLE_LENGTH)}…` : href;
      return (
        <a href={href} title={title} target="_blank" rel="noreferrer">
          {children}
        </a>
      );
    }
    case 'closed':
      return (
        <>
          {children} <span class="closed-link">({foldLongRuns(target.written)})</span>
        </>
      );
    case 'pending':
      return <a>{children}</a>;
  }
}
