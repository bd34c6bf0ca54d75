import type { JSX } from 'preact';
import type { Turn } from '../src/shared/chat/turn.ts';
import { Icon } from './icons.tsx';

/** What one can do with a turn that is over. */
export interface TurnActions {
  retry(turn: string): void;
  fork(turn: string): void;
  /** Sends another prompt in place of the turn's own. */
  resend(turn: string, prompt: string): void;
}

/** The buttons below a turn. */
export function TurnActionButtons({
  turn: { id, isUnasked },
  failed,
  actions,
  onEdit,
}: {
  readonly turn: Turn;
  readonly failed: boolean;
  readonly actions: TurnActions;
  readonly onEdit: () => void;
}): JSX.Element {
  return (
    <>
      {!isUnasked && (
        <>
          <button
            type="button"
            title="Send the same message again"
            aria-label="Retry"
            onClick={() => actions.retry(id)}
          >
            <Icon name="retry" />
            {failed && 'Retry'}
          </button>
          <button
            type="button"
            class="edit"
            title="Edit the message and send it again"
            aria-label="Edit and resend"
            onClick={onEdit}
          >
            <Icon name="edit" />
          </button>
        </>
      )}
      <button
        type="button"
        title="Begin a conversation with what was said up to here, in a new session"
        aria-label="Fork from here"
        onClick={() => actions.fork(id)}
      >
        <Icon name="fork" />
      </button>
    </>
  );
}
