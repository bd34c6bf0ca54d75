import type { JSX } from 'preact';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { IconButton } from '../iconButton.tsx';

/** What one can do with a turn that is over. */
export interface TurnActions {
  /** Null where it would not be the same any more. */
  readonly retry: ((turn: string) => void) | null;
  /** Null where conversations stand side by side. */
  readonly fork: ((turn: string) => void) | null;
  /** Sends another prompt in place of the turn's own. */
  resend(turn: string, prompt: string): void;
}

/** The buttons below a turn. */
export function TurnActionButtons({
  turn: { id, isUnasked },
  failed,
  actions: { retry, fork },
  onEdit,
}: {
  readonly turn: Turn;
  readonly failed: boolean;
  readonly actions: TurnActions;
  readonly onEdit: () => void;
}): JSX.Element {
  return (
    <>
      {retry && !isUnasked && (
        <IconButton
          icon="retry"
          name="Retry"
          title="Send the same message again"
          onClick={() => retry(id)}
        >
          {failed && 'Retry'}
        </IconButton>
      )}
      {!isUnasked && (
        <IconButton
          icon="edit"
          name="Edit and resend"
          title="Edit the message and send it again"
          class="edit"
          onClick={onEdit}
        />
      )}
      {fork && (
        <IconButton
          icon="fork"
          name="Fork from here"
          title="Begin a conversation with what was said up to here, in a new session"
          onClick={() => fork(id)}
        />
      )}
    </>
  );
}
