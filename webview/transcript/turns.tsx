import type { JSX } from 'preact';
import { useCallback } from 'preact/hooks';
import type { Turn } from '../../src/shared/chat/turn.ts';
import type { ViewMessage } from '../../src/shared/schemas/viewMessage.ts';
import { CodeTargetsContext, useCodeTargets } from '../code/codeTargets.ts';
import { ErrorBoundary } from '../errorBoundary.tsx';
import { UnrenderedTurn } from '../parts/unrendered.tsx';
import { chunk } from './memoizedList.tsx';
import type { TurnActions } from '../turn/turnActions.tsx';
import { TurnGroup } from './turnGroup.tsx';
import { TurnView } from '../turn/turn.tsx';
import { useIdleRendering } from './useIdleRendering.ts';

/** Number of turns per group, which render in a few milliseconds. */
const GROUP_SIZE = 16;

/** Renders the turns of a conversation, oldest first. */
export function Turns({
  turns,
  agentName,
  actions,
  hasEditor,
  post,
}: {
  readonly turns: readonly Turn[];
  readonly agentName: string;
  /** Null while no action is possible. The object is the same until the actions change. */
  readonly actions: TurnActions | null;
  /** True if there is an editor beside the chat. */
  readonly hasEditor: boolean;
  readonly post: (message: ViewMessage) => void;
}): JSX.Element {
  const targets = useCodeTargets(hasEditor, post);
  const renderTurn = useCallback(
    (turn: Turn) => (
      <ErrorBoundary key={turn.id} fallback={<UnrenderedTurn turn={turn} />}>
        <TurnView turn={turn} agentName={agentName} actions={actions} />
      </ErrorBoundary>
    ),
    [agentName, actions],
  );
  const groups = chunk(turns, GROUP_SIZE);
  const dueFrom = useIdleRendering(groups.length);
  return (
    <CodeTargetsContext.Provider value={targets}>
      {groups.map((group, index) => (
        <TurnGroup key={index} turns={group} isDue={index >= dueFrom} renderTurn={renderTurn} />
      ))}
    </CodeTargetsContext.Provider>
  );
}
