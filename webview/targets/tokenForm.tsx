import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TokenRequest } from '../../src/shared/chat/source.ts';
import { FailureBlock } from '../turn/failure.tsx';

/** Asks for the token that a running call waits for. */
export function TokenForm({
  request,
  agentName,
  onGive,
}: {
  readonly request: TokenRequest;
  readonly agentName: string;
  readonly onGive: (token: string | null) => void;
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
        onGive(token);
        setToken('');
      }}
    >
      {request.why !== null && (
        <FailureBlock title={`${agentName} wants a token`} message={request.why} />
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
      <button type="button" class="outlined" onClick={() => onGive(null)}>
        Send none
      </button>
    </form>
  );
}
