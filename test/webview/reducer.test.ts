import { expect, test } from 'vitest';
import { readyState as empty } from '../support/chatState.ts';
import { initialState, reduce, type ViewEvent, type ViewState } from '../../webview/reducer.ts';

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

test('a conversation that is opened takes the place of the one before, and keeps agents and connection', () => {
  const { type: _, ...opened } = {
    type: 'conversation',
    conversation: 'c2',
    agent: 'a',
    actorId: 'me',
    sessionId: 's2',
    opening: { why: 'forked' },
    turns: [],
  } as const;
  const { chat } = after(...asked, { type: 'conversation', ...opened });
  expect(chat).toEqual({ ...empty, ...opened, session: { state: 'unknown' } });
});

test('a conversation is in the list once, and what was removed can be there again', () => {
  const summary = (title: string) => ({
    id: 'c1',
    title,
    agent: 'a',
    agentName: 'A',
    createdAt: 1,
    updatedAt: 2,
  });
  const listed: ViewEvent[] = [
    { type: 'state', state: empty },
    { type: 'kept', conversation: summary('before') },
    { type: 'kept', conversation: summary('after') },
  ];
  expect(after(...listed).chat!.conversations).toEqual([summary('after')]);
  const removed = after(...listed, { type: 'removed', conversation: 'c1' }).chat!;
  expect(removed).toMatchObject({ conversations: [], removed: summary('after') });
  const restored = after(
    ...listed,
    { type: 'removed', conversation: 'c1' },
    { type: 'restored' },
  ).chat!;
  expect(restored).toMatchObject({ conversations: [summary('after')], removed: null });
});

test('a lost link leaves what was said, and the state that follows takes its place', () => {
  const lost = after(...asked, { type: 'link', link: 'lost' });
  expect(lost).toMatchObject({ link: 'lost', chat: { turns: [{ prompt: 'hello' }] } });
  const back = [{ type: 'link', link: 'open' } as const, { type: 'state', state: empty } as const];
  expect(back.reduce<ViewState>(reduce, lost)).toMatchObject({ link: 'open', chat: empty });
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
