import type { JSX } from 'preact';
import type { ChatState, ViewMessage } from '../../src/shared/chat.ts';
import { Icon } from '../icons.tsx';
import { Panel } from '../panel.tsx';
import { SessionId } from './sessionId.tsx';
import { useNow } from './useNow.ts';
import { stateExplained } from './words.ts';

/** All there is to know of the session, and how to end it. */
export function SessionPanel({
  chat: { session, sessionId },
  canAct,
  post,
  onClose,
}: {
  readonly chat: ChatState;
  readonly canAct: boolean;
  readonly post: (message: ViewMessage) => void;
  readonly onClose: () => void;
}): JSX.Element {
  const now = useNow(session.state === 'idle');
  const canEnd = canAct && ['active', 'idle', 'unknown'].includes(session.state);
  return (
    <Panel name="Session" onClose={onClose}>
      <p>{stateExplained(session, now)}</p>
      <SessionId key={sessionId} id={sessionId} />
      <button
        type="button"
        class="outlined"
        // It is pressed, ends the session and so has nothing to do: it must keep the focus all the same.
        aria-disabled={!canEnd}
        onClick={() => canEnd && post({ type: 'stopSession' })}
      >
        <Icon name="power" />
        Stop session
      </button>
      <p class="hint">It ends the machine, with all that runs and is in memory there.</p>
    </Panel>
  );
}
