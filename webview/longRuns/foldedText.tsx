import { createContext, type ComponentChildren, type JSX } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { formatSize } from '../../src/shared/formatSize.ts';
import { divide } from './longRuns.ts';

/** Characters of a long run that are shown while it is folded. */
const SHOWN = 200;

/** Characters that are laid out together; the browser skips chunks that are out of sight. */
const CHUNK = 16_384;

/** Whether a long run is folded. */
interface Fold {
  readonly isOpen: boolean;
  setOpen(isOpen: boolean): void;
}

/** The fold of the surrounding element that has the button itself; null where there is none. */
export const FoldContext = createContext<Fold | null>(null);

/**
 * A text whose long unbroken runs are folded. Layout of such a run takes so long that the chat would
 * freeze, and nobody reads one.
 */
export function foldedText(text: string): ComponentChildren {
  const parts = divide(text);
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

/** All of the run is in the document, so that it is found and copied whole; the rest is not laid out. */
function LongRunText({ text, fold }: { readonly text: string; readonly fold: Fold }): JSX.Element {
  const { isOpen } = fold;
  const rest = useRef<HTMLSpanElement>(null);
  const shown = characterEnd(text, SHOWN);
  useCopiedWhole(rest, !isOpen);
  useEffect(() => {
    const element = rest.current!;
    const open = () => fold.setOpen(true);
    element.addEventListener('beforematch', open);
    return () => element.removeEventListener('beforematch', open);
  }, []);
  return (
    <span
      class={isOpen ? 'longRun open' : 'longRun'}
      // It scrolls, so the keyboard must be able to reach it.
      {...(isOpen && { tabIndex: 0, role: 'group', 'aria-label': 'Long text' })}
    >
      {text.slice(0, shown)}
      <span ref={rest} class="rest" hidden={isOpen ? undefined : 'until-found'}>
        {chunksOf(text.slice(shown)).map((chunk, index) => (
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

/** Browsers leave hidden text out of what is copied, so it is shown while they copy. */
function useCopiedWhole(rest: { readonly current: HTMLElement | null }, isHidden: boolean): void {
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

function chunksOf(text: string): string[] {
  const chunks: string[] = [];
  for (let from = 0; from < text.length;) {
    const end = characterEnd(text, from + CHUNK);
    chunks.push(text.slice(from, end));
    from = end;
  }
  return chunks;
}

/** The index, or the next one if it would divide a surrogate pair. */
function characterEnd(text: string, index: number): number {
  return /[\uDC00-\uDFFF]/.test(text.charAt(index)) ? index + 1 : index;
}
