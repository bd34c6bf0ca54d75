import { render } from 'preact';
import { Chat } from './chat.tsx';
import { initialState, reduce } from './reducer.ts';
import { connect } from './transport.ts';

openChat(document.getElementById('chat')!);

function openChat(root: Element): void {
  let state = initialState;
  let frame: number | null = null;

  const transport = connect((event) => {
    state = reduce(state, event);
    // An agent may send more pieces than a screen has frames; each frame shows all that came.
    frame ??= requestAnimationFrame(show);
  });

  function show(): void {
    frame = null;
    render(<Chat state={state} transport={transport} />, root);
  }
}
