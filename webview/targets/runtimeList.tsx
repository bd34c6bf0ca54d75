import type { JSX } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { AwsView } from '../../src/shared/aws.ts';
import type { AwsRequest } from '../../src/shared/schemas/viewMessage.ts';
import { LoadableView } from './loadableView.tsx';

/** Selects the AWS profile and Region, and lists the runtimes there on request. */
export function RuntimeList({
  aws: { account, runtimes },
  onRequest,
  onPick,
}: {
  readonly aws: AwsView;
  readonly onRequest: (request: AwsRequest) => void;
  readonly onPick: (arn: string) => void;
}): JSX.Element {
  const loaded = account.state === 'loaded' ? account.value : null;
  const [region, setRegion] = useState('');
  // A passive effect runs after painting and could replace text that the user has typed.
  useLayoutEffect(() => setRegion(loaded?.region ?? ''), [loaded]);
  return (
    <form
      class="fields"
      onSubmit={(event) => {
        event.preventDefault();
        onRequest({ type: 'listRuntimes', profile: loaded?.profile ?? '', region: region.trim() });
      }}
    >
      <label class="wide">
        Profile
        <select
          value={loaded?.profile ?? ''}
          disabled={loaded === null}
          onChange={({ currentTarget }) =>
            onRequest({ type: 'readAccount', profile: currentTarget.value })
          }
        >
          <option value="">From the environment</option>
          {loaded?.profiles.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        Region
        <input
          required
          pattern="[a-z]{2}(-[a-z]+)+-\d+"
          title="A Region such as eu-central-1"
          placeholder="us-east-1"
          spellcheck={false}
          value={region}
          onInput={({ currentTarget }) => setRegion(currentTarget.value)}
        />
      </label>
      <button type="submit" class="outlined">
        List runtimes
      </button>
      {loaded !== null && loaded.endpoint !== null && (
        <p class="hint">
          An environment variable redirects AWS calls to <code>{loaded.endpoint}</code>.
        </p>
      )}
      <LoadableView loadable={account} pending="Loading profiles…" />
      <LoadableView loadable={runtimes} pending="Loading runtimes…">
        {(entries) =>
          entries.length === 0 ? (
            <p>No runtimes in this Region.</p>
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
