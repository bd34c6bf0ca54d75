import type { JSX } from 'preact';
import { useCallback, useMemo } from 'preact/hooks';
import type { Turn, ViewMessage } from '../src/shared/chat.ts';
import { CodeTargetsContext, type CodeTargets } from './code/codeTargets.ts';
import { SteadyList } from './steadyList.tsx';
import type { TurnActions } from './turnActions.tsx';
import { TurnView } from './turn.tsx';

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
    (turn: Turn) => <TurnView key={turn.id} turn={turn} agentName={agentName} actions={actions} />,
    [agentName, actions],
  );
  return (
    <CodeTargetsContext.Provider value={targets}>
      <SteadyList items={turns} show={show} />
    </CodeTargetsContext.Provider>
  );
}
