import type { JSX } from 'preact';
import type { Agent } from '../src/shared/agent.ts';
import { isLocal } from '../src/shared/target.ts';

// The sample agents, which have no model, can do them. Agents in AWS cost money, and those of other
// protocols have examples of their own, if any.
const EXAMPLES = ['Remember that my city is Turin', 'What is 12 * 7?'];

/** What a conversation that has not begun shows: with whom it will be, and how to begin. */
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
          The agents of <code>agentcore/agentcore.json</code> will be here.
        </p>
      </div>
    );
  }
  return (
    <div class="empty">
      <h2>Talk to {agent.name}</h2>
      <p>A session begins with your first message, on a machine of its own.</p>
      {agent.target.protocol === 'MCP' && (
        <p>
          List its tools below, or write one with its arguments, as in{' '}
          <code>{'add {"a": 1, "b": 2}'}</code>
        </p>
      )}
      <ul class="examples">
        {(agent.target.protocol === 'HTTP' && isLocal(agent.target) ? EXAMPLES : []).map(
          (prompt) => (
            <li key={prompt}>
              <button type="button" disabled={!canSend} onClick={() => onExample(prompt)}>
                {prompt}
              </button>
            </li>
          ),
        )}
      </ul>
    </div>
  );
}
