import type { JSX } from 'preact';
import type { Turn } from '../../src/shared/chat/turn.ts';
import { IconButton } from '../iconButton.tsx';

/** Actions for a completed turn. */
export interface TurnActions {
  /** Null if the turn cannot be repeated as it was. */
  readonly retry: ((turn: string) => void) | null;
  /** Null in a comparison. */
  readonly fork: ((turn: string) => void) | null;
  /** Sends an edited prompt as a new message. */
  resend(turn: string, prompt: string): void;
}

/** Buttons below a turn. */
export function TurnActionButtons({
  turn: { id, isUnprompted },
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
      {retry && !isUnprompted && (
        <IconButton
          icon="retry"
          name="Retry"
          title="Send the same message again"
          onClick={() => retry(id)}
        >
          {failed && 'Retry'}
        </IconButton>
      )}
      {!isUnprompted && (
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
          title="Start a new conversation and session with the messages up to here"
          onClick={() => fork(id)}
        />
      )}
    </>
  );
}
