import type { JSX } from 'preact';
import type { ChatState } from '../../src/shared/chat/state.ts';
import type { ViewMessage } from '../../src/shared/schemas/viewMessage.ts';
import { Icon } from '../icons.tsx';
import { Panel } from '../panel.tsx';
import type { ViewState } from '../reducer.ts';
import { ModelPicker } from './modelPicker.tsx';
import { IdentityForm } from './identityForm.tsx';
import type { RecordName } from './machinesPanel.tsx';
import { SessionServersView } from './sessionServers.tsx';
import { SessionId } from './sessionId.tsx';
import { useNow } from './useNow.ts';
import { stateDescription } from './sessionText.ts';

/** Shows the session, stops it, and edits its IDs. */
export function SessionPanel({
  chat,
  canAct,
  onRecord,
  models,
  post,
  onClose,
}: {
  readonly chat: ChatState;
  readonly canAct: boolean;
  /** Shows the log or the timeline. Null if the runtime has no records. */
  readonly onRecord: ((name: RecordName) => void) | null;
  /** Null before they are read. */
  readonly models: ViewState['models'];
  readonly post: (message: ViewMessage) => void;
  readonly onClose: () => void;
}): JSX.Element {
  const { session, sessionId } = chat;
  const now = useNow(session.state === 'idle' || session.state === 'starting');
  const canStop = canAct && ['active', 'idle', 'unknown'].includes(session.state);
  return (
    <Panel name="Session" onClose={onClose}>
      <p>{stateDescription(session, now)}</p>
      <div class="buttons">
        <SessionId key={sessionId} id={sessionId} />
        <button
          type="button"
          class="outlined"
          title="Stop the session’s machine and everything that runs on it"
          // A `disabled` button would lose the focus after it is pressed.
          aria-disabled={!canStop}
          onClick={() => canStop && post({ type: 'stopSession' })}
        >
          <Icon name="power" />
          Stop session
        </button>
        {onRecord && (
          <span class="recordButtons">
            <button type="button" class="outlined" onClick={() => onRecord('log')}>
              Log
            </button>
            <button type="button" class="outlined" onClick={() => onRecord('timeline')}>
              Timeline
            </button>
          </span>
        )}
      </div>
      {'servers' in session && session.servers && (
        <SessionServersView
          key={session.servers.url}
          servers={session.servers}
          hasEditor={chat.hasEditor}
          post={post}
        />
      )}
      {onRecord && <ModelPicker key={sessionId} reading={models} canAct={canAct} post={post} />}
      <IdentityForm chat={chat} canAct={canAct} post={post} />
    </Panel>
  );
}
