import type { JSX } from 'preact';
import { Icon } from './icons.tsx';
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
      <button type="button" title={`Copy ${what}`} aria-label={`Copy ${what}`} onClick={copy}>
        <Icon name={copied ? 'done' : 'copy'} />
      </button>
      <span class="unseen" role="status">
        {copied && 'Copied.'}
      </span>
    </>
  );
}
