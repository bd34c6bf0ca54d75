import type { JSX } from 'preact';
import { useId, useLayoutEffect, useState } from 'preact/hooks';
import type { ChatState } from '../../src/shared/chat/state.ts';
import type { ViewMessage } from '../../src/shared/schemas/viewMessage.ts';
import { validateActorId, validateSessionId } from '../../src/shared/identity.ts';

/** Edits the session ID and the actor ID. */
export function IdentityForm({
  chat: { actorId, sessionId },
  canAct,
  post,
}: {
  readonly chat: ChatState;
  readonly canAct: boolean;
  readonly post: (message: ViewMessage) => void;
}): JSX.Element {
  const [actor, setActor] = useState(actorId ?? '');
  const [session, setSession] = useState(sessionId);
  // A passive effect runs after painting and could replace text that the user has typed.
  useLayoutEffect(() => {
    setActor(actorId ?? '');
    setSession(sessionId);
  }, [actorId, sessionId]);
  const actorProblem = actor === '' ? null : validateActorId(actor);
  const sessionProblem = validateSessionId(session);
  const isChanged = actor !== (actorId ?? '') || session !== sessionId;
  const canSave = canAct && isChanged && actorProblem === null && sessionProblem === null;

  return (
    <form
      class="identity"
      onSubmit={(event) => {
        event.preventDefault();
        if (!canSave) return;
        post({ type: 'identify', actorId: actor === '' ? null : actor, sessionId: session });
      }}
    >
      <Field
        label="Session ID"
        hint="Identifies the session, its machine and its memory. A different ID starts a different session."
        value={session}
        problem={sessionProblem}
        onInput={setSession}
      />
      <Field
        label="Actor ID"
        hint="Sent as runtimeUserId with each message unless empty. To pass it to the agent’s code, use {{actorId}} in the payload template."
        value={actor}
        problem={actorProblem}
        onInput={setActor}
      />
      <button
        type="submit"
        class="primary"
        // A `disabled` button would lose the focus after it is pressed.
        aria-disabled={!canSave}
      >
        Apply
      </button>
    </form>
  );
}

/** A field with its problem or hint below it. */
function Field({
  label,
  hint,
  value,
  problem,
  onInput,
}: {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly problem: string | null;
  readonly onInput: (value: string) => void;
}): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="id"
        value={value}
        spellcheck={false}
        autocomplete="off"
        aria-invalid={problem !== null}
        aria-describedby={`${id}-hint`}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      <p id={`${id}-hint`} class={problem === null ? 'hint' : 'fieldError'}>
        {problem ?? hint}
      </p>
    </div>
  );
}
