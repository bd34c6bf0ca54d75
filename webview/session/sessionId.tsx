import type { JSX } from 'preact';
import { Icon } from '../icons.tsx';
import { useCopy } from '../useCopy.ts';

/** Button that copies the session ID. */
export function SessionId({ id }: { readonly id: string }): JSX.Element {
  const { copied, copy } = useCopy(id);
  return (
    <>
      <button type="button" class="outlined" aria-label={`Copy ID of session ${id}`} onClick={copy}>
        <Icon name={copied ? 'done' : 'copy'} />
        Copy ID
      </button>
      <span class="visuallyHidden" role="status">
        {copied && 'Session ID copied.'}
      </span>
    </>
  );
}
