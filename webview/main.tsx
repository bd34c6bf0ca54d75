import { render, type JSX } from 'preact';
import type { ComparisonViewMessage } from '../src/shared/schemas/comparisonMessage.ts';
import type { ViewMessage } from '../src/shared/schemas/viewMessage.ts';
import { Chat } from './chat.tsx';
import { ComparisonPage } from './comparison/comparisonPage.tsx';
import { initialComparison, reduceComparison, type ComparisonEvent } from './comparison/state.ts';
import { initialState, reduce, type ViewEvent } from './reducer.ts';
import { connect, type PageName, type HostConnection } from './hostConnection.ts';

/** A page with its state, its reducer and its rendering. */
interface PageDefinition<State, Event, Message> {
  readonly page: PageName;
  readonly initial: State;
  readonly reduce: (state: State, event: Event) => State;
  readonly toElement: (state: State, transport: HostConnection<Message>) => JSX.Element;
}

const chat = document.getElementById('chat');
if (chat) {
  open<typeof initialState, ViewEvent, ViewMessage>(chat, {
    page: 'chat',
    initial: initialState,
    reduce,
    toElement: (state, transport) => <Chat state={state} transport={transport} />,
  });
}
const comparison = document.getElementById('comparison');
if (comparison) {
  open<typeof initialComparison, ComparisonEvent, ComparisonViewMessage>(comparison, {
    page: 'compare',
    initial: initialComparison,
    reduce: reduceComparison,
    toElement: (state, transport) => <ComparisonPage state={state} transport={transport} />,
  });
}

function open<State, Event, Message>(
  root: Element,
  { page, initial, reduce, toElement }: PageDefinition<State, Event, Message>,
): void {
  let state = initial;
  let frame: number | null = null;

  const transport = connect(page, (event) => {
    state = reduce(state, event as Event);
    // An agent may send more events than the screen has frames, so rendering is batched by frame.
    frame ??= requestAnimationFrame(show);
  });

  function show(): void {
    frame = null;
    render(toElement(state, transport), root);
  }
}
