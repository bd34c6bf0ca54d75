import { expect, test } from 'vitest';
import type { ChatState } from '../../src/shared/chat.ts';
import { initialState, reduce, type ViewEvent, type ViewState } from '../../webview/reducer.ts';

const empty: ChatState = {
  connection: { state: 'ready' },
  agents: [{ id: 'a', name: 'Assistant', protocol: 'HTTP' }],
  agent: 'a',
  sessionId: 's1',
  session: { state: 'none' },
  opening: null,
  turns: [],
  problem: null,
};

function after(...events: ViewEvent[]): ViewState {
  return events.reduce(reduce, initialState);
}

function said(turn: string, text: string): ViewEvent {
  return { type: 'answered', turn, event: { type: 'text', text }, at: 5 };
}

const asked: ViewEvent[] = [
  { type: 'state', state: empty },
  { type: 'asked', turn: 't1', prompt: 'hello', at: 1 },
];

test('the view shows what the host says, and pieces of an answer are joined', () => {
  const { chat } = after(...asked, said('t1', 'Grüe'), said('t1', 'zi'), {
    type: 'closed',
    turn: 't1',
    outcome: { type: 'completed' },
    at: 9,
  });
  expect(chat?.turns).toEqual([
    {
      id: 't1',
      prompt: 'hello',
      opening: null,
      parts: [{ type: 'text', text: 'Grüezi' }],
      usage: null,
      askedAt: 1,
      firstAt: 5,
      endedAt: 9,
      outcome: { type: 'completed' },
    },
  ]);
});

test('a new session shows no turns of the one before, and keeps agents and connection', () => {
  const { chat } = after(...asked, { type: 'session', agent: 'a', sessionId: 's2' });
  expect(chat).toEqual({ ...empty, sessionId: 's2', session: { state: 'unknown' } });
});

test('a lost link leaves what was said, and the state that follows takes its place', () => {
  const lost = after(...asked, { type: 'link', link: 'lost' });
  expect(lost).toMatchObject({ link: 'lost', chat: { turns: [{ prompt: 'hello' }] } });
  const back = [{ type: 'link', link: 'open' } as const, { type: 'state', state: empty } as const];
  expect(back.reduce<ViewState>(reduce, lost)).toEqual({ link: 'open', chat: empty });
});

test('a turn that did not change stays the same object, so that its view need not be made anew', () => {
  const first = after(...asked, {
    type: 'closed',
    turn: 't1',
    outcome: { type: 'completed' },
    at: 9,
  });
  const then = reduce(first, { type: 'asked', turn: 't2', prompt: 'again', at: 2 });
  expect(then.chat?.turns[0]).toBe(first.chat?.turns[0]);
});

test.each<ViewEvent>([
  { type: 'asked', turn: 't2', prompt: 'within another', at: 2 },
  said('t2', 'of nobody'),
  { type: 'closed', turn: 't2', outcome: { type: 'cancelled' }, at: 9 },
])('what cannot follow is a bug and throws: %j', (event) => {
  expect(() => after(...asked, event)).toThrow('t2');
});

test('nothing ends twice', () => {
  const end: ViewEvent = { type: 'closed', turn: 't1', outcome: { type: 'completed' }, at: 9 };
  expect(() => after(...asked, end, end)).toThrow('closed of turn t1, which does not run');
});

test('a change before the state is a bug and throws', () => {
  expect(() => after(said('t1', 'x'))).toThrow('before the state');
});
