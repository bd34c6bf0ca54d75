import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../icons.tsx';

/** How long it says that the copy was made. */
const COPIED_MILLISECONDS = 2000;

/** The session's id; pressed, it is copied. */
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
        title="Copy the session’s id"
        aria-label={`Session ${id}: copy its id`}
        onClick={() => void navigator.clipboard.writeText(id).then(() => setCopied(true))}
      >
        <span class="id">{id}</span>
        <Icon name={copied ? 'done' : 'copy'} />
      </button>
      <span class="unseen" role="status">
        {copied && 'Session id copied.'}
      </span>
    </>
  );
}
