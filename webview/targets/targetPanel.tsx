import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ChatAgent } from '../../src/shared/chat/agent.ts';
import { targetId, type AwsRequest, type AwsView } from '../../src/shared/targets.ts';
import { IconButton } from '../iconButton.tsx';
import { Panel } from '../panel.tsx';
import { RuntimeList } from './runtimeList.tsx';
import { TargetForm } from './targetForm.tsx';

/** Where an agent in AWS is chosen. Nothing is asked there before a button says so. */
export function TargetPanel({
  aws,
  agents,
  ask,
  onChoose,
  onClose,
}: {
  readonly aws: AwsView;
  readonly agents: readonly ChatAgent[];
  readonly ask: (request: AwsRequest) => void;
  readonly onChoose: (agent: string) => void;
  readonly onClose: () => void;
}): JSX.Element {
  const { account } = aws;
  const [arn, setArn] = useState('');
  useEffect(() => ask({ type: 'readAccount' }), []);
  const profile = account.state === 'loaded' ? account.value.profile : '';
  const deployed = agents.filter(({ deployment }) => deployment !== null);

  return (
    <Panel name="Agents in AWS" onClose={onClose}>
      <RuntimeList
        aws={aws}
        ask={ask}
        onPick={(picked) => {
          setArn(picked);
          ask({ type: 'lookUp', profile, arn: picked });
        }}
      />
      <TargetForm
        arn={arn}
        details={aws.details}
        onArn={setArn}
        onLookUp={() => ask({ type: 'lookUp', profile, arn })}
        onTalk={(target) => {
          ask({ type: 'addTarget', target: { ...target, profile } });
          onChoose(targetId(target));
        }}
      />
      {deployed.length > 0 && (
        <ul class="targets" aria-label="Added">
          {deployed.map(({ id, name, deployment }) => (
            <li key={id}>
              <span>
                {name} · {deployment?.qualifier} <small>{deployment?.region}</small>
              </span>
              <IconButton
                icon="close"

                name={`Remove ${name} · ${deployment?.qualifier}`}
                title="Remove"
                onClick={() => ask({ type: 'removeTarget', agent: id })}
              />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
