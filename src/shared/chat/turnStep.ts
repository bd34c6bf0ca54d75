import { applyAnswerEvent } from './applyAnswerEvent.ts';
import type { ChatChange } from './change.ts';
import { addModelCall } from './modelCalls.ts';
import type { Turn } from './turn.ts';

/** A change of a turn after it started. */
export type TurnStep = Extract<
  ChatChange,
  { readonly type: 'opened' | 'answered' | 'modelCalled' | 'closed' }
>;

const STEPS: ReadonlySet<string> = new Set<TurnStep['type']>([
  'opened',
  'answered',
  'modelCalled',
  'closed',
]);

/** True for changes of a turn that has started. */
export function isTurnStep(change: ChatChange): change is TurnStep {
  return STEPS.has(change.type);
}

/** Applies a step to the last turn. A step that cannot follow is a bug and throws. */
export function turnsAfter(turns: readonly Turn[], step: TurnStep): readonly Turn[] {
  const last = turns.at(-1);
  if (last?.id !== step.turn) throw new Error(`${step.type} of turn ${step.turn}, not the last`);
  return turns.with(turns.length - 1, after(last, step));
}

function after(turn: Turn, step: TurnStep): Turn {
  if (step.type === 'opened') return { ...turn, opening: step.opening };
  if (step.type === 'modelCalled') {
    return { ...turn, modelCalls: addModelCall(turn.modelCalls, step.call) };
  }
  if (turn.outcome !== null) throw new Error(`${step.type} of turn ${turn.id}, which does not run`);
  return step.type === 'answered'
    ? applyAnswerEvent(turn, step.event, step.at)
    : { ...turn, endedAt: step.at, outcome: step.outcome };
}
