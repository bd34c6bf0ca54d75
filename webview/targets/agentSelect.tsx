import type { JSX } from 'preact';
import type { Agent } from '../../src/shared/agent.ts';
import { isLocal } from '../../src/shared/target.ts';

/** The agent of a chat, as a menu if there is a choice. */
export function AgentSelect({
  agents,
  agent,
  label = 'Agent',
  canAct,
  onChoose,
}: {
  readonly agents: readonly Agent[];
  readonly agent: Agent | null;
  readonly label?: string;
  readonly canAct: boolean;
  readonly onChoose: (agent: string) => void;
}): JSX.Element {
  const local = agents.filter(({ target }) => isLocal(target));
  const deployed = agents.filter(({ target }) => !isLocal(target));
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
      title={agent ? qualifiedAgentName(agent) : undefined}
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
        local.map(renderOption)
      ) : (
        <>
          {local.length > 0 && <optgroup label="Local">{local.map(renderOption)}</optgroup>}
          <optgroup label="AWS">{deployed.map(renderOption)}</optgroup>
        </>
      )}
    </select>
  );
}

function renderOption(agent: Agent): JSX.Element {
  return (
    <option key={agent.id} value={agent.id}>
      {qualifiedAgentName(agent)}
    </option>
  );
}

/** Name of an agent, in AWS with its endpoint and Region, so that staging and production differ. */
export function qualifiedAgentName({ name, target }: Agent): string {
  return isLocal(target) ? name : `${name} · ${target.qualifier} (${target.region})`;
}
