import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Agent } from '../../src/shared/agent.ts';
import type { AwsView } from '../../src/shared/aws.ts';
import type { AwsRequest } from '../../src/shared/schemas/viewMessage.ts';
import { isLocal, targetId } from '../../src/shared/target.ts';
import { IconButton } from '../iconButton.tsx';
import { Panel } from '../panel.tsx';
import { RuntimeList } from './runtimeList.tsx';
import { TargetForm } from './targetForm.tsx';

/** Adds and removes agents in AWS. AWS is called only when the user presses a button. */
export function TargetPanel({
  aws,
  agents,
  onRequest,
  onChoose,
  onClose,
}: {
  readonly aws: AwsView;
  readonly agents: readonly Agent[];
  readonly onRequest: (request: AwsRequest) => void;
  readonly onChoose: (agent: string) => void;
  readonly onClose: () => void;
}): JSX.Element {
  const { account } = aws;
  const [arn, setArn] = useState('');
  useEffect(() => onRequest({ type: 'readAccount' }), []);
  const profile = account.state === 'loaded' ? account.value.profile : '';
  const deployed = agents.filter(({ target }) => !isLocal(target));

  return (
    <Panel name="Agents in AWS" onClose={onClose}>
      <RuntimeList
        aws={aws}
        onRequest={onRequest}
        onPick={(picked) => {
          setArn(picked);
          onRequest({ type: 'lookUp', profile, arn: picked });
        }}
      />
      <TargetForm
        arn={arn}
        details={aws.details}
        onArn={setArn}
        onLookUp={() => onRequest({ type: 'lookUp', profile, arn })}
        onStartChat={(target) => {
          onRequest({
            type: 'addTarget',
            target: { ...target, ...(profile !== '' && { profile }) },
          });
          onChoose(targetId(target));
        }}
      />
      {deployed.length > 0 && (
        <ul class="targets" aria-label="Added agents">
          {deployed.map(({ id, name, target: { qualifier, region } }) => (
            <li key={id}>
              <span>
                {name} · {qualifier} <small>{region}</small>
              </span>
              <IconButton
                icon="close"
                name={`Remove ${name} · ${qualifier}`}
                title="Remove"
                onClick={() => onRequest({ type: 'removeTarget', agent: id })}
              />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
