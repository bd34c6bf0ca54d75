import type { JSX } from 'preact';
import type { SessionStatus } from '../../src/shared/chat/session.ts';
import { FailureBlock } from '../turn/failure.tsx';
import { findHeadline } from './outputHeadline.ts';

/** That other code answers than stands in the editor, until that starts. */
export function BrokenCodeNotice({ session }: { readonly session: SessionStatus }): JSX.Element {
  const broken = 'brokenCode' in session ? session.brokenCode : undefined;
  return (
    <div class="aside" role="status">
      {broken && (
        <FailureBlock
          title={`Your change in ${broken.file} does not start; the old code answers`}
          message={broken.why}
          headline={findHeadline(broken.why)}
        />
      )}
    </div>
  );
}
