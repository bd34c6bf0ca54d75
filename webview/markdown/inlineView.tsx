import type { ComponentChildren, JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { FoldButton, FoldContext, foldedText } from '../longRuns/foldedText.tsx';
import { divide } from '../longRuns/longRuns.ts';
import { plainText } from './spokenText.ts';
import type { Inline, LinkTarget } from './tree.ts';

const WRAPPERS = { emphasis: 'em', strong: 'strong', struck: 's' } as const;

/** Renders the pieces of a line, and renders them again only when they have changed. */
export function InlineViews({ pieces }: { readonly pieces: readonly Inline[] }): JSX.Element {
  return useMemo(() => <>{pieces.map(elementOf)}</>, [pieces]);
}

function elementOf(piece: Inline): ComponentChildren {
  switch (piece.type) {
    case 'text':
      return foldedText(piece.text);
    case 'break':
      return <br />;
    case 'code':
      return <code dir="ltr">{foldedText(piece.text)}</code>;
    case 'emphasis':
    case 'strong':
    case 'struck': {
      const Wrapper = WRAPPERS[piece.type];
      return <Wrapper>{piece.children.map(elementOf)}</Wrapper>;
    }
    case 'link':
      return <LinkView link={piece} />;
    case 'image':
      return <img src={piece.source} alt={piece.description} />;
  }
}

/** Characters of an address that its tooltip shows. */
const LONGEST_TITLE = 500;

/** A link, whose text may be folded. The button is beside it, as a link cannot contain one. */
function LinkView({
  link: { target, children },
}: {
  readonly link: Inline & { readonly type: 'link' };
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const fold = { isOpen, setOpen };
  const folded = divide(plainText(children)).filter(({ isLongRun }) => isLongRun);
  const length = folded.reduce((sum, { text }) => sum + text.length, 0);
  return (
    <>
      <FoldContext.Provider value={length > 0 ? fold : null}>
        <Link target={target}>{children.map(elementOf)}</Link>
      </FoldContext.Provider>
      {length > 0 && <FoldButton length={length} fold={fold} />}
    </>
  );
}

/** Shows the address of a link, as its text may say something else. */
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
      const title = href.length > LONGEST_TITLE ? `${href.slice(0, LONGEST_TITLE)}…` : href;
      return (
        <a href={href} title={title} target="_blank" rel="noreferrer">
          {children}
        </a>
      );
    }
    case 'closed':
      return (
        <>
          {children} <span class="closed-link">({foldedText(target.written)})</span>
        </>
      );
    case 'pending':
      return <a>{children}</a>;
  }
}
