import type { JSX } from 'preact';
import type { ChatState } from '../../src/shared/chat/state.ts';
import type { SessionStatus } from '../../src/shared/chat/session.ts';
import { FailureBlock } from '../turn/failure.tsx';
import { findHeadline, isShownInTurn } from './outputHeadline.ts';
import { openingLabel, endReasonText } from './sessionText.ts';

/** The end of an estimated session is likely, and not certain. */
function hasEnded({ reason, estimate }: Ended): string {
  return estimate && reason !== 'stopped' ? 'has most likely ended' : 'ended';
}

type Ended = Extract<SessionStatus, { state: 'ended' }>;

/** That the next turn meets another machine, why, and what one can do. */
export function SessionEnd({
  chat: { opening, session, turns },
  canAct,
  onNewSession,
}: {
  readonly chat: ChatState;
  readonly canAct: boolean;
  readonly onNewSession: () => void;
}): JSX.Element {
  const isToCome = opening !== null && turns.length > 0;
  const ended = isToCome && session.state === 'ended' ? session : null;
  const logTail = ended?.logTail ?? null;
  return (
    <div class="aside">
      <div role="status">
        {isToCome && (
          <p class="ended">
            {ended
              ? `The session ${hasEnded(ended)}: ${endReasonText(ended.reason)}. Your next message starts a fresh machine for it, which has not seen the conversation.`
              : `Your next message begins a new session. ${openingLabel(opening)} Its machine has not seen it.`}
          </p>
        )}
      </div>
      {logTail !== null && !isShownInTurn(turns.at(-1), logTail) && (
        <FailureBlock
          title="The last that it printed"
          message={logTail}
          headline={findHeadline(logTail)}
        />
      )}
      {ended && (
        <button
          type="button"
          class="outlined"
          title="Go on with this conversation under a new session id"
          disabled={!canAct}
          onClick={onNewSession}
        >
          Take a new session
        </button>
      )}
    </div>
  );
}
