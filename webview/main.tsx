import { render, type JSX } from 'preact';
import type { ComparisonViewMessage } from '../src/shared/chat/comparison.ts';
import type { ViewMessage } from '../src/shared/chat/viewMessage.ts';
import { Chat } from './chat.tsx';
import { ComparisonPage } from './comparison/comparisonPage.tsx';
import { initialComparison, reduceComparison, type ComparisonEvent } from './comparison/state.ts';
import { initialState, reduce, type ViewEvent } from './reducer.ts';
import { connect, type PageName, type HostConnection } from './hostConnection.ts';

/** Something that is shown: by which socket it is told of, its state, and what that looks like. */
interface View<State, Event, Message> {
  readonly shown: PageName;
  readonly initial: State;
  readonly reduce: (state: State, event: Event) => State;
  readonly look: (state: State, transport: HostConnection<Message>) => JSX.Element;
}

const chat = document.getElementById('chat');
if (chat) {
  open<typeof initialState, ViewEvent, ViewMessage>(chat, {
    shown: 'chat',
    initial: initialState,
    reduce,
    look: (state, transport) => <Chat state={state} transport={transport} />,
  });
}
const comparison = document.getElementById('comparison');
if (comparison) {
  open<typeof initialComparison, ComparisonEvent, ComparisonViewMessage>(comparison, {
    shown: 'compare',
    initial: initialComparison,
    reduce: reduceComparison,
    look: (state, transport) => <ComparisonPage state={state} transport={transport} />,
  });
}

function open<State, Event, Message>(
  root: Element,
  { shown, initial, reduce, look }: View<State, Event, Message>,
): void {
  let state = initial;
  let frame: number | null = null;

  const transport = connect(shown, (event) => {
    state = reduce(state, event as Event);
    // An agent may send more pieces than a screen has frames; each frame shows all that came.
    frame ??= requestAnimationFrame(show);
  });

  function show(): void {
    frame = null;
    render(look(state, transport), root);
  }
}
