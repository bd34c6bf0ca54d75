import type { JSX } from 'preact';
import { useId, useLayoutEffect, useState } from 'preact/hooks';
import type { ChatState } from '../../src/shared/chat/state.ts';
import type { ViewMessage } from '../../src/shared/chat/viewMessage.ts';
import { validateActorId, validateSessionId } from '../../src/shared/identity.ts';

/** Edits the session id and the actor id. */
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
  // Not in an effect after painting, which could replace what the user has typed.
  useLayoutEffect(() => {
    setActor(actorId ?? '');
    setSession(sessionId);
  }, [actorId, sessionId]);
  const actorProblem = actor === '' ? null : validateActorId(actor);
  const sessionProblem = validateSessionId(session);
  const isOther = actor !== (actorId ?? '') || session !== sessionId;
  const canSave = canAct && isOther && actorProblem === null && sessionProblem === null;

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
        label="Session id"
        hint="The agent’s machine goes by it, and its memory of this conversation. Another id is another session."
        value={session}
        problem={sessionProblem}
        onInput={setSession}
      />
      <Field
        label="Actor id"
        hint="Your user, sent as runtimeUserId with each message; left empty, none is sent. The agent’s code sees it where the payload’s template has {{actorId}}."
        value={actor}
        problem={actorProblem}
        onInput={setActor}
      />
      <button
        type="submit"
        class="primary"
        // Not `disabled`, so that it keeps the focus after it is pressed.
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
        aria-describedby={`${id}-about`}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      <p id={`${id}-about`} class={problem === null ? 'hint' : 'wrong'}>
        {problem ?? hint}
      </p>
    </div>
  );
}
