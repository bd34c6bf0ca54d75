import type { ComponentChildren, JSX } from 'preact';
import type { ChatAgent } from '../src/shared/chat/agent.ts';
import { AgentSelect } from './targets/agentSelect.tsx';

/** With whom one talks, in which session, and the way to a new one. */
export function Header({
  agents,
  agent,
  children,
  canAct,
  onChoose,
}: {
  readonly agents: readonly ChatAgent[];
  readonly agent: ChatAgent | null;
  /** What there is to see and to open beside the agent. */
  readonly children: ComponentChildren;
  /** Whether what is pressed here reaches the host. */
  readonly canAct: boolean;
  readonly onChoose: (agent: string) => void;
}): JSX.Element {
  return (
    <header>
      <h1 class="unseen">Chat</h1>
      <AgentSelect agents={agents} agent={agent} canAct={canAct} onChoose={onChoose} />
      {children}
    </header>
  );
}
