import type { JSX } from 'preact';
import type { ChatState } from '../../src/shared/chat.ts';
import { FailureBlock } from '../failure.tsx';
import { reasonInWords } from './words.ts';

/** That the session has ended since the last turn, why, and what one can do. */
export function SessionEnd({
  chat: { opening, session, turns },
}: {
  readonly chat: ChatState;
}): JSX.Element {
  const hasEnded = opening !== null && turns.length > 0;
  const logTail = session.state === 'ended' ? session.logTail : null;
  return (
    <div class="aside">
      <div role="status">
        {hasEnded && (
          <p class="ended">
            The session ended: {reasonInWords(opening.why)}. Your next message starts a fresh
            machine for it, which has not seen the conversation.
          </p>
        )}
      </div>
      {hasEnded && logTail !== null && (
        <FailureBlock title="The last that it printed" message={logTail} />
      )}
    </div>
  );
}
