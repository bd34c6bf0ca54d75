import type { JSX } from 'preact';
import type { Turn } from '../src/shared/chat/turn.ts';
import { IconButton } from './iconButton.tsx';

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
          <IconButton
            icon="retry"
            name="Retry"
            title="Send the same message again"
            onClick={() => actions.retry(id)}
          >
            {failed && 'Retry'}
          </IconButton>
          <IconButton
            icon="edit"
            name="Edit and resend"
            title="Edit the message and send it again"
            class="edit"
            onClick={onEdit}
          />
        </>
      )}
      <IconButton
        icon="fork"
        name="Fork from here"
        title="Begin a conversation with what was said up to here, in a new session"
        onClick={() => actions.fork(id)}
      />
    </>
  );
}
