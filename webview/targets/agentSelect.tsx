import type { JSX } from 'preact';
import type { ChatAgent } from '../../src/shared/chat/agent.ts';

/** With whom one talks, and the choice where there is one. Of an agent in AWS is always said which. */
export function AgentSelect({
  agents,
  agent,
  label = 'Agent',
  canAct,
  onChoose,
}: {
  readonly agents: readonly ChatAgent[];
  readonly agent: ChatAgent | null;
  readonly label?: string;
  readonly canAct: boolean;
  readonly onChoose: (agent: string) => void;
}): JSX.Element {
  const local = agents.filter(({ deployment }) => deployment === null);
  const deployed = agents.filter(({ deployment }) => deployment !== null);
  if (local.length < 2 && deployed.length === 0) {
    return (
      <span class="agent" title={agent?.name}>
        {agent?.name}
      </span>
    );
  }
  return (
    <select
      class="agent"
      aria-label={label}
      title={agent ? nameInFull(agent) : undefined}
      value={agent?.id ?? ''}
      disabled={!canAct}
      onChange={({ currentTarget }) => onChoose(currentTarget.value)}
    >
      {agent === null && (
        <option value="" disabled>
          Choose an agent
        </option>
      )}
      {deployed.length === 0 ? (
        local.map(optionOf)
      ) : (
        <>
          {local.length > 0 && <optgroup label="Local">{local.map(optionOf)}</optgroup>}
          <optgroup label="AWS">{deployed.map(optionOf)}</optgroup>
        </>
      )}
    </select>
  );
}

function optionOf(agent: ChatAgent): JSX.Element {
  return (
    <option key={agent.id} value={agent.id}>
      {nameInFull(agent)}
    </option>
  );
}

/** An agent's name; in AWS also its endpoint and region, by which staging is not taken for production. */
export function nameInFull({ name, deployment }: ChatAgent): string {
  return deployment === null ? name : `${name} · ${deployment.qualifier} (${deployment.region})`;
}
