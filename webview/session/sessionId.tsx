import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../icons.tsx';

/** How long it says that the copy was made. */
const COPIED_MILLISECONDS = 2000;

/** Copies the session's id. */
export function SessionId({ id }: { readonly id: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), COPIED_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [copied]);

  return (
    <>
      <button
        type="button"
        class="outlined"
        aria-label={`Session ${id}: copy its id`}
        onClick={() => void navigator.clipboard.writeText(id).then(() => setCopied(true))}
      >
        <Icon name={copied ? 'done' : 'copy'} />
        Copy id
      </button>
      <span class="unseen" role="status">
        {copied && 'Session id copied.'}
      </span>
    </>
  );
}
