import type { PerLane, ComparisonHostMessage, Round } from '../../src/shared/chat/comparison.ts';
import { initialState, reduce, type ViewState } from '../reducer.ts';

/** State of a comparison: two chats, and the rounds that pair their turns. */
export interface ComparisonState extends PerLane<ViewState> {
  readonly rounds: readonly Round[];
}

/** Event that changes the comparison: a message of the host, or a change of the connection. */
export type ComparisonEvent =
  ComparisonHostMessage | { readonly type: 'link'; readonly link: ViewState['link'] };

/** State before the first message of the host. */
export const initialComparison: ComparisonState = {
  left: initialState,
  right: initialState,
  rounds: [],
};

/** Applies an event to the state of a comparison. */
export function reduceComparison(state: ComparisonState, event: ComparisonEvent): ComparisonState {
  switch (event.type) {
    case 'rounds':
      return { ...state, rounds: event.rounds };
    case 'link':
      return { ...state, left: reduce(state.left, event), right: reduce(state.right, event) };
    case 'lane': {
      const { lane, message } = event;
      // Lanes have no export, so they receive no files.
      if (message.type === 'file') return state;
      return { ...state, [lane]: reduce(state[lane], message) };
    }
  }
}
