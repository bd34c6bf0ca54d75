import { createContext, type ComponentChildren, type JSX } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { formatSize } from '../../src/shared/formatSize.ts';
import { splitLongRuns } from './longRuns.ts';

/** Number of characters of a folded run that are shown. */
const PREVIEW_LENGTH = 200;

/** Number of characters per chunk. Browsers skip the layout of chunks that are not visible. */
const CHUNK = 16_384;

/** State of a fold. */
interface Fold {
  readonly isOpen: boolean;
  setOpen(isOpen: boolean): void;
}

/** Fold of an enclosing element that renders the button itself; null if there is none. */
export const FoldContext = createContext<Fold | null>(null);

/** Folds the long unbroken runs of a text. The layout of such a run would freeze the chat. */
export function foldLongRuns(text: string): ComponentChildren {
  const parts = splitLongRuns(text);
  if (parts.every(({ isLongRun }) => !isLongRun)) return text;
  return parts.map((part, index) =>
    part.isLongRun ? <LongRun key={index} text={part.text} /> : part.text,
  );
}

function LongRun({ text }: { readonly text: string }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const outer = useContext(FoldContext);
  const fold = outer ?? { isOpen, setOpen };
  return (
    <>
      <LongRunText text={text} fold={fold} />
      {outer === null && <FoldButton length={text.length} fold={fold} />}
    </>
  );
}

/** The whole run stays in the document, so that it can be found and copied. Hidden text has no layout. */
function LongRunText({ text, fold }: { readonly text: string; readonly fold: Fold }): JSX.Element {
  const { isOpen } = fold;
  const rest = useRef<HTMLSpanElement>(null);
  const shown = alignToCharacter(text, PREVIEW_LENGTH);
  useCompleteCopy(rest, !isOpen);
  useEffect(() => {
    const element = rest.current!;
    const open = () => fold.setOpen(true);
    element.addEventListener('beforematch', open);
    return () => element.removeEventListener('beforematch', open);
  }, []);
  return (
    <span
      class={isOpen ? 'longRun open' : 'longRun'}
      // Scrollable content must be focusable for keyboard users.
      {...(isOpen && { tabIndex: 0, role: 'group', 'aria-label': 'Long text' })}
    >
      {text.slice(0, shown)}
      <span ref={rest} class="rest" hidden={isOpen ? undefined : 'until-found'}>
        {splitChunks(text.slice(shown)).map((chunk, index) => (
          <span key={index}>{chunk}</span>
        ))}
      </span>
    </span>
  );
}

/** Shows the whole of a folded run, or folds it again. */
export function FoldButton({
  length,
  fold: { isOpen, setOpen },
}: {
  /** Number of characters in the run. */
  readonly length: number;
  readonly fold: Fold;
}): JSX.Element {
  return (
    <button type="button" class="fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
      {isOpen ? 'Show less' : `Show all (${formatSize(length)})`}
    </button>
  );
}

/** Browsers do not copy hidden text, so it is shown during a copy. */
function useCompleteCopy(rest: { readonly current: HTMLElement | null }, isHidden: boolean): void {
  useEffect(() => {
    if (!isHidden) return;
    function reveal(): void {
      const element = rest.current!;
      if (getSelection()?.containsNode(element, true) !== true) return;
      element.hidden = false;
      setTimeout(() => element.setAttribute('hidden', 'until-found'));
    }
    document.addEventListener('copy', reveal, { capture: true });
    return () => document.removeEventListener('copy', reveal, { capture: true });
  }, [isHidden]);
}

function splitChunks(text: string): string[] {
  const chunks: string[] = [];
  for (let from = 0; from < text.length;) {
    const end = alignToCharacter(text, from + CHUNK);
    chunks.push(text.slice(from, end));
    from = end;
  }
  return chunks;
}

/** Moves the index by one if it would divide a surrogate pair. */
function alignToCharacter(text: string, index: number): number {
  return /[\uDC00-\uDFFF]/.test(text.charAt(index)) ? index + 1 : index;
}
