import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import type { Failure } from '../src/shared/chat/turn.ts';
import { adviceOn } from './advice.ts';
import { FailureBlock } from './failure.tsx';
import { SessionContext } from './session/sessionContext.ts';

/** Why a turn failed, and what can be done as long as nothing has been said since. */
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
      advice={session.turn === turn ? adviceOn(failure, session.status) : null}
    />
  );
}
