import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import type { Failure } from '../../src/shared/chat/turn.ts';
import { failureAdvice } from './advice.ts';
import { FailureBlock } from './failure.tsx';
import type { RecordName } from '../session/machinesPanel.tsx';
import { SessionContext, type CurrentSession } from '../session/sessionContext.ts';

/** Shows why a turn failed and, for the last turn, what to do. */
export function TurnFailure({
  turn,
  failure,
}: {
  readonly turn: string;
  readonly failure: Failure;
}): JSX.Element {
  const session = useContext(SessionContext);
  return (
    <FailureBlock
      title={failure.name}
      message={failure.message}
      advice={session.turn === turn ? failureAdvice(failure, session.status) : null}
    >
      {session.onRecord && (
        <div class="records">
          <RecordButton name="log" label="Log" onRecord={session.onRecord} />
          <RecordButton name="timeline" label="Timeline" onRecord={session.onRecord} />
        </div>
      )}
    </FailureBlock>
  );
}

function RecordButton({
  name,
  label,
  onRecord,
}: {
  readonly name: RecordName;
  readonly label: string;
  readonly onRecord: NonNullable<CurrentSession['onRecord']>;
}): JSX.Element {
  return (
    <button
      type="button"
      title={`Show the ${name} of the session’s machines`}
      onClick={({ currentTarget }) => onRecord(name, currentTarget)}
    >
      {label}
    </button>
  );
}
