import type { PerLane, ComparisonHostMessage, Round } from '../../src/shared/chat/comparison.ts';
import { initialState, reduce, type ViewState } from '../reducer.ts';

/** What a comparison shows: two chats, and which of their turns belong together. */
export interface ComparisonState extends PerLane<ViewState> {
  readonly rounds: readonly Round[];
}

/** What changes it: a message of the host's, or the way to the host itself. */
export type ComparisonEvent =
  ComparisonHostMessage | { readonly type: 'link'; readonly link: ViewState['link'] };

/** Before anything was said. */
export const initialComparison: ComparisonState = {
  left: initialState,
  right: initialState,
  rounds: [],
};

/** The next state of a comparison. */
export function reduceComparison(state: ComparisonState, event: ComparisonEvent): ComparisonState {
  switch (event.type) {
    case 'rounds':
      return { ...state, rounds: event.rounds };
    case 'link':
      return { ...state, left: reduce(state.left, event), right: reduce(state.right, event) };
    case 'lane': {
      const { lane, message } = event;
      // Nothing in a lane asks for one.
      if (message.type === 'file') return state;
      return { ...state, [lane]: reduce(state[lane], message) };
    }
  }
}
