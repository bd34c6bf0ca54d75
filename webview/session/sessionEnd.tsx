import type { JSX } from 'preact';
import type { ChatState } from '../../src/shared/chat/state.ts';
import type { SessionStatus } from '../../src/shared/chat/session.ts';
import { FailureBlock } from '../turn/failure.tsx';
import { findHeadline, isShownInTurn } from './outputHeadline.ts';
import { openingLabel, endReasonText } from './sessionText.ts';

/** An estimated end is certain only if the session was stopped. */
function describeEnd({ reason, estimate }: Ended): string {
  return estimate && reason !== 'stopped' ? 'has probably ended' : 'ended';
}

type Ended = Extract<SessionStatus, { state: 'ended' }>;

/** Explains why the next turn starts a new machine, and offers a new session. */
export function SessionEnd({
  chat: { opening, session, turns },
  canAct,
  onNewSession,
}: {
  readonly chat: ChatState;
  readonly canAct: boolean;
  readonly onNewSession: () => void;
}): JSX.Element {
  const startsNewMachine = opening !== null && turns.length > 0;
  const ended = startsNewMachine && session.state === 'ended' ? session : null;
  const logTail = ended?.logTail ?? null;
  return (
    <div class="aside">
      <div role="status">
        {startsNewMachine && (
          <p class="ended">
            {ended
              ? `The session ${describeEnd(ended)}: ${endReasonText(ended.reason)}. Your next message continues under the same session ID on a new machine, which has not received the earlier messages. A new session also has a new ID.`
              : `Your next message starts a new session. ${openingLabel(opening)} Its machine has not received them.`}
          </p>
        )}
      </div>
      {logTail !== null && !isShownInTurn(turns.at(-1), logTail) && (
        <FailureBlock title="Last output" message={logTail} headline={findHeadline(logTail)} />
      )}
      {ended && (
        <button
          type="button"
          class="outlined"
          title="Continue this conversation under a new session ID"
          disabled={!canAct}
          onClick={onNewSession}
        >
          Start a new session
        </button>
      )}
    </div>
  );
}
