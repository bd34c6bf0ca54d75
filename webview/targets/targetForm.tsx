import type { JSX } from 'preact';
import { useId, useLayoutEffect, useState } from 'preact/hooks';
import type { AgentProtocol } from '../../src/shared/emulator.ts';
import type { RuntimeDetails } from '../../src/shared/aws.ts';
import { parseRuntimeArn, type Authorization, type Target } from '../../src/shared/target.ts';
import type { Loadable } from '../../src/shared/loadable.ts';
import { LoadableView } from './loadableView.tsx';

const PROTOCOLS: readonly (readonly [AgentProtocol, string])[] = [
  ['HTTP', 'HTTP'],
  ['AGUI', 'AG-UI'],
  ['A2A', 'A2A'],
  ['MCP', 'MCP'],
];

/** Edits a target in AWS. The user always chooses the endpoint. */
export function TargetForm({
  arn,
  details,
  onArn,
  onLookUp,
  onStartChat,
}: {
  readonly arn: string;
  readonly details: Loadable<RuntimeDetails>;
  readonly onArn: (arn: string) => void;
  readonly onLookUp: () => void;
  readonly onStartChat: (target: Target) => void;
}): JSX.Element {
  const hint = useId();
  const [qualifier, setQualifier] = useState('');
  const [protocol, setProtocol] = useState<AgentProtocol>('HTTP');
  const [authorization, setAuthorization] = useState<Authorization>('signature');
  const parsed = parseRuntimeArn(arn);
  const loaded = details.state === 'loaded' ? details.value : null;
  // A passive effect runs after painting and could replace text that the user has typed.
  useLayoutEffect(() => {
    // A single endpoint is preselected.
    setQualifier(loaded?.endpoints.length === 1 ? loaded.endpoints[0]!.name : '');
    if (!loaded) return;
    setProtocol(loaded.protocol);
    setAuthorization(loaded.authorization);
  }, [loaded]);
  const problem =
    arn === '' || parsed
      ? ''
      : 'Enter a runtime ARN such as arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/Name-0123456789';

  return (
    <form
      class="fields"
      onSubmit={(event) => {
        event.preventDefault();
        if (!parsed) return;
        const { region } = parsed;
        onStartChat({ region, runtimeArn: arn, qualifier, protocol, authorization });
      }}
    >
      <label class="arn">
        Runtime ARN
        <input
          ref={(input) => {
            input?.setCustomValidity(problem);
          }}
          required
          spellcheck={false}
          placeholder="arn:aws:bedrock-agentcore:…"
          aria-invalid={problem !== ''}
          aria-describedby={hint}
          value={arn}
          onInput={({ currentTarget }) => onArn(currentTarget.value.trim())}
        />
      </label>
      <button type="button" class="outlined" disabled={!parsed} onClick={onLookUp}>
        Look up
      </button>
      <p class="hint" id={hint}>
        {problem || (parsed ? `Region ${parsed.region}, account ${parsed.account}.` : '')}
      </p>
      <LoadableView loadable={details} pending="Loading endpoints…" />
      {loaded && loaded.endpoints.length > 0 ? (
        <fieldset>
          <legend>Endpoint</legend>
          {loaded.endpoints.map(({ name, version }) => (
            <label key={name} class="choice">
              <input
                type="radio"
                name="endpoint"
                required
                value={name}
                checked={qualifier === name}
                onChange={() => setQualifier(name)}
              />
              {name} {version !== '' && <small>version {version}</small>}
            </label>
          ))}
        </fieldset>
      ) : (
        <label>
          Endpoint
          <input
            required
            pattern="[a-zA-Z][a-zA-Z0-9_]{0,47}"
            title="An endpoint name such as DEFAULT"
            placeholder="Endpoint name"
            spellcheck={false}
            value={qualifier}
            onInput={({ currentTarget }) => setQualifier(currentTarget.value)}
          />
        </label>
      )}
      <label>
        Protocol
        <select
          value={protocol}
          onChange={({ currentTarget }) => setProtocol(currentTarget.value as AgentProtocol)}
        >
          {PROTOCOLS.map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label class="wide">
        Authorization
        <select
          value={authorization}
          onChange={({ currentTarget }) => setAuthorization(currentTarget.value as Authorization)}
        >
          <option value="signature">AWS credentials</option>
          <option value="token">Bearer token (JWT)</option>
        </select>
      </label>
      <button type="submit" class="primary">
        Start chat
      </button>
    </form>
  );
}
