import type { JSX } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { AwsRequest, AwsView } from '../../src/shared/aws.ts';
import { LoadableView } from './loadableView.tsx';

/** Shows the AWS profile and region, and on request the runtimes there. */
export function RuntimeList({
  aws: { account, runtimes },
  ask,
  onPick,
}: {
  readonly aws: AwsView;
  readonly ask: (request: AwsRequest) => void;
  readonly onPick: (arn: string) => void;
}): JSX.Element {
  const told = account.state === 'loaded' ? account.value : null;
  const [region, setRegion] = useState('');
  // Not in an effect after painting, which could replace what the user has typed.
  useLayoutEffect(() => setRegion(told?.region ?? ''), [told]);
  return (
    <form
      class="fields"
      onSubmit={(event) => {
        event.preventDefault();
        ask({ type: 'listRuntimes', profile: told?.profile ?? '', region: region.trim() });
      }}
    >
      <label>
        Profile
        <select
          value={told?.profile ?? ''}
          disabled={told === null}
          onChange={({ currentTarget }) =>
            ask({ type: 'readAccount', profile: currentTarget.value })
          }
        >
          <option value="">As the environment says</option>
          {told?.profiles.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        Region
        <input
          required
          pattern="[a-z]{2}(-[a-z]+)+-\d+"
          title="A region such as eu-central-1"
          placeholder="us-east-1"
          spellcheck={false}
          value={region}
          onInput={({ currentTarget }) => setRegion(currentTarget.value)}
        />
      </label>
      <button type="submit" class="outlined">
        List runtimes
      </button>
      {told !== null && told.endpoint !== null && (
        <p class="hint">
          A variable leads calls of AWS to <code>{told.endpoint}</code>.
        </p>
      )}
      <LoadableView loadable={account} pending="Reading the profiles…" />
      <LoadableView loadable={runtimes} pending="Asking AWS…">
        {(entries) =>
          entries.length === 0 ? (
            <p>There are no runtimes in this region.</p>
          ) : (
            <ul class="targets" aria-label="Runtimes">
              {entries.map(({ arn, name, version, status }) => (
                <li key={arn}>
                  <button type="button" title={arn} onClick={() => onPick(arn)}>
                    {name} <small>version {version}</small>
                    {status !== 'READY' && <small>{status}</small>}
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </LoadableView>
    </form>
  );
}
