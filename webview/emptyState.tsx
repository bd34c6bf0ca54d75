import type { JSX } from 'preact';
import type { Agent } from '../src/shared/agent.ts';
import { isLocal } from '../src/shared/target.ts';
import { ExamplePrompts } from './examplePrompts.tsx';

/** Shown before the first message: the agent and example prompts. */
export function EmptyState({
  agent,
  canSend,
  onExample,
}: {
  readonly agent: Agent | null;
  readonly canSend: boolean;
  readonly onExample: (prompt: string) => void;
}): JSX.Element {
  if (agent === null) {
    return (
      <div class="empty">
        <h2>No agent yet</h2>
        <p>
          Add an agent to <code>agentcore/agentcore.json</code> to chat with it.
        </p>
      </div>
    );
  }
  return (
    <div class="empty">
      <h2>Chat with {agent.name}</h2>
      <p>Your first message starts a session on its own machine.</p>
      {agent.target.protocol === 'MCP' && (
        <p>
          List its tools below, or enter a tool and its arguments, such as{' '}
          <code>{'add {"a": 1, "b": 2}'}</code>
        </p>
      )}
      {/* Agents in AWS get no examples, because they cost money. Other protocols expect other input. */}
      {agent.target.protocol === 'HTTP' && isLocal(agent.target) && (
        <ExamplePrompts canSend={canSend} onExample={onExample} />
      )}
    </div>
  );
}
