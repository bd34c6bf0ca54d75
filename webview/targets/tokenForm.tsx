import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TokenRequest } from '../../src/shared/chat/source.ts';
import { FailureBlock } from '../turn/failure.tsx';

/** Form for the token that a pending call needs. */
export function TokenForm({
  request,
  agentName,
  onSubmit,
}: {
  readonly request: TokenRequest;
  readonly agentName: string;
  readonly onSubmit: (token: string | null) => void;
}): JSX.Element {
  const [token, setToken] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current!.focus(), [request]);
  return (
    <form
      class="notice fields token"
      aria-label={`Token for ${agentName}`}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(token);
        setToken('');
      }}
    >
      {request.why !== null && (
        <FailureBlock title={`${agentName} requires a token`} message={request.why} />
      )}
      <label>
        Token (JWT) for {agentName}
        <input
          ref={field}
          type="password"
          required
          autocomplete="off"
          spellcheck={false}
          value={token}
          onInput={({ currentTarget }) => setToken(currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary">
        Use token
      </button>
      <button type="button" class="outlined" onClick={() => onSubmit(null)}>
        Send without a token
      </button>
    </form>
  );
}
