import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icons.tsx';

/** Enough of it to tell two sessions apart, as git does with commits. */
const SHORT = 8;

/** How long it says that the copy was made. */
const COPIED_MILLISECONDS = 2000;

/** The session's id, short; pressed, it is copied whole. */
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
        class="session"
        title={`Session ${id}: copy its id`}
        aria-label={`Session ${id.slice(0, SHORT)}: copy its id`}
        onClick={() => void navigator.clipboard.writeText(id).then(() => setCopied(true))}
      >
        <span class="wide">Session </span>
        <span class="id">{id.slice(0, SHORT)}</span>
        <Icon name={copied ? 'done' : 'copy'} />
      </button>
      <span class="unseen" role="status">
        {copied && 'Session id copied.'}
      </span>
    </>
  );
}
