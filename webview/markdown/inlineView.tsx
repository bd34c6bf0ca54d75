import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Inline, Target } from './tree.ts';

const WRAPPERS = { emphasis: 'em', strong: 'strong', struck: 's' } as const;

/** Pieces of a line; they are built again only when they have become others. */
export function InlineViews({ pieces }: { readonly pieces: readonly Inline[] }): JSX.Element {
  return useMemo(() => <>{pieces.map(elementOf)}</>, [pieces]);
}

function elementOf(piece: Inline): JSX.Element | string {
  switch (piece.type) {
    case 'text':
      return piece.text;
    case 'break':
      return <br />;
    case 'code':
      return <code dir="ltr">{piece.text}</code>;
    case 'emphasis':
    case 'strong':
    case 'struck': {
      const Wrapper = WRAPPERS[piece.type];
      return <Wrapper>{piece.children.map(elementOf)}</Wrapper>;
    }
    case 'link':
      return <Link target={piece.target}>{piece.children.map(elementOf)}</Link>;
    case 'image':
      return <img src={piece.source} alt={piece.description} />;
  }
}

/** Where it leads is said, as what it says may be something else. */
function Link({
  target,
  children,
}: {
  readonly target: Target;
  readonly children: (JSX.Element | string)[];
}): JSX.Element {
  switch (target.type) {
    case 'open':
      return (
        <a href={target.href} title={target.href} target="_blank" rel="noreferrer">
          {children}
        </a>
      );
    case 'closed':
      return (
        <>
          {children} <span class="closed-link">({target.written})</span>
        </>
      );
    case 'pending':
      return <a>{children}</a>;
  }
}
