import type { JSX } from 'preact';
import { Icon } from '../icons.tsx';
import { useCopy } from '../useCopy.ts';

/** Copies the session's id. */
export function SessionId({ id }: { readonly id: string }): JSX.Element {
  const { copied, copy } = useCopy(id);
  return (
    <>
      <button type="button" class="outlined" aria-label={`Copy id of session ${id}`} onClick={copy}>
        <Icon name={copied ? 'done' : 'copy'} />
        Copy id
      </button>
      <span class="unseen" role="status">
        {copied && 'Session id copied.'}
      </span>
    </>
  );
}
