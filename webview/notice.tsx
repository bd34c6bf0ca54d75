import type { JSX } from 'preact';
import type { Connection } from '../src/shared/agent.ts';
import type { ViewMessage } from '../src/shared/chat/viewMessage.ts';
import { FailureBlock } from './turn/failure.tsx';
import { Icon } from './icons.tsx';
import type { ViewState } from './reducer.ts';

const NOT_RUNNING = 'The local AgentCore is not running';

/** Says why one cannot send just now, and what to do about it. */
export function Notice({
  link,
  connection,
  post,
}: {
  readonly link: ViewState['link'];
  readonly connection: Connection | null;
  readonly post: (message: ViewMessage) => void;
}): JSX.Element {
  const gone = link === 'open' && connection?.state === 'gone' ? connection : null;
  return (
    <div class="notice">
      {/* A region that was there before is what a screen reader tells the change of; of a log the
          sentence above it is enough. */}
      <div role="status" class={gone ? 'unseen' : ''}>
        {link === 'lost' ? (
          <p>
            <Icon name="warning" />
            The emulator is gone. Start it again: this page comes back by itself.
          </p>
        ) : connection?.state === 'starting' ? (
          <p class="pending">Starting the local AgentCore…</p>
        ) : gone ? (
          `${NOT_RUNNING}.`
        ) : null}
      </div>
      {gone && (
        <>
          <FailureBlock title={NOT_RUNNING} message={gone.why} />
          <button type="button" class="primary" onClick={() => post({ type: 'reconnect' })}>
            Start it again
          </button>
        </>
      )}
    </div>
  );
}
