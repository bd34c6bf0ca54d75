import type { JSX } from 'preact';
import type { Connection, ViewMessage } from '../src/shared/chat.ts';
import type { ViewState } from './reducer.ts';
import { FailureBlock } from './failure.tsx';
import { Icon } from './icons.tsx';

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
  return (
    <div class="notice" role="status">
      {link === 'lost' ? (
        <p>
          <Icon name="warning" />
          The emulator is gone. Start it again: this page comes back by itself.
        </p>
      ) : connection?.state === 'starting' ? (
        <p class="pending">Starting the local AgentCore…</p>
      ) : connection?.state === 'gone' ? (
        <>
          <FailureBlock title="The local AgentCore is not running" message={connection.why} />
          <button type="button" class="primary" onClick={() => post({ type: 'reconnect' })}>
            Start it again
          </button>
        </>
      ) : null}
    </div>
  );
}
