import type { JSX } from 'preact';
import { IconButton } from './iconButton.tsx';
import { useCopy } from './useCopy.ts';

/** Copies what it stands at. */
export function CopyButton({
  text,
  what,
}: {
  readonly text: string;
  /** As one says it: code, answer. */
  readonly what: string;
}): JSX.Element {
  const { copied, copy } = useCopy(text);
  return (
    <>
      <IconButton icon={copied ? 'done' : 'copy'} name={`Copy ${what}`} onClick={copy} />
      <span class="unseen" role="status">
        {copied && 'Copied.'}
      </span>
    </>
  );
}
