import type { JSX } from 'preact';
import { IconButton } from './iconButton.tsx';
import { useCopy } from './useCopy.ts';

/** Button that copies a text. */
export function CopyButton({
  text,
  what,
}: {
  readonly text: string;
  /** Completes the label "Copy …", such as `code` or `answer`. */
  readonly what: string;
}): JSX.Element {
  const { copied, copy } = useCopy(text);
  return (
    <>
      <IconButton icon={copied ? 'done' : 'copy'} name={`Copy ${what}`} onClick={copy} />
      <span class="visuallyHidden" role="status">
        {copied && 'Copied.'}
      </span>
    </>
  );
}
