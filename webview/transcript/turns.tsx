import type { JSX } from 'preact';
import { useCallback, useMemo } from 'preact/hooks';
import type { Turn } from '../../src/shared/chat/turn.ts';
import type { ViewMessage } from '../../src/shared/chat/viewMessage.ts';
import { CodeTargetsContext, type CodeTargets } from '../code/codeTargets.ts';
import { ErrorBoundary } from '../errorBoundary.tsx';
import { UnrenderedTurn } from '../parts/unrendered.tsx';
import { chunk } from './memoizedList.tsx';
import type { TurnActions } from '../turn/turnActions.tsx';
import { TurnGroup } from './turnGroup.tsx';
import { TurnView } from '../turn/turn.tsx';
import { useIdleBuilding } from './useIdleBuilding.ts';

/** As many as are built in a few milliseconds. */
const GROUP = 16;

/** What was said, oldest first. */
export function Turns({
  turns,
  agentName,
  actions,
  hasEditor,
  post,
}: {
  readonly turns: readonly Turn[];
  readonly agentName: string;
  /** Null while nothing can be done; the same object as long as the same can be. */
  readonly actions: TurnActions | null;
  /** Whether there is an editor beside the chat that takes code. */
  readonly hasEditor: boolean;
  readonly post: (message: ViewMessage) => void;
}): JSX.Element {
  const targets = useMemo<CodeTargets | null>(() => {
    if (!hasEditor) return null;
    return {
      insert: (text) => post({ type: 'insertCode', text }),
      open: (text, language) => post({ type: 'openCode', text, language }),
    };
  }, [hasEditor, post]);
  const show = useCallback(
    (turn: Turn) => (
      <ErrorBoundary key={turn.id} otherwise={<UnrenderedTurn turn={turn} />}>
        <TurnView turn={turn} agentName={agentName} actions={actions} />
      </ErrorBoundary>
    ),
    [agentName, actions],
  );
  const groups = chunk(turns, GROUP);
  const dueFrom = useIdleBuilding(groups.length);
  return (
    <CodeTargetsContext.Provider value={targets}>
      {groups.map((group, index) => (
        <TurnGroup key={index} turns={group} isDue={index >= dueFrom} show={show} />
      ))}
    </CodeTargetsContext.Provider>
  );
}
