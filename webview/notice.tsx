import type { JSX } from 'preact';
import type { Connection } from '../src/shared/agent.ts';
import type { ViewMessage } from '../src/shared/schemas/viewMessage.ts';
import { FailureBlock } from './turn/failure.tsx';
import { Icon } from './icons.tsx';
import type { ViewState } from './reducer.ts';

const NOT_RUNNING = 'The local AgentCore is not running';

/** Explains why messages cannot be sent, and what to do. */
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
      {/* Screen readers announce changes only in a live region that already exists. */}
      <div role="status" class={gone ? 'visuallyHidden' : ''}>
        {link === 'lost' ? (
          <p>
            <Icon name="warning" />
            The emulator was stopped. Start it again, and this page reconnects automatically.
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
            Start the emulator
          </button>
        </>
      )}
    </div>
  );
}
