import type { JSX } from 'preact';
import type { SessionStatus } from '../../src/shared/chat/session.ts';
import { FailureBlock } from '../turn/failure.tsx';
import { findHeadline } from './outputHeadline.ts';

/** Reports that changed code does not start, so the previous code still answers. */
export function BrokenCodeNotice({ session }: { readonly session: SessionStatus }): JSX.Element {
  const broken = 'brokenCode' in session ? session.brokenCode : undefined;
  return (
    <div class="aside" role="status">
      {broken && (
        <FailureBlock
          title={`The change in ${broken.file} does not start. The previous code still runs`}
          message={broken.why}
          headline={findHeadline(broken.why)}
        />
      )}
    </div>
  );
}
