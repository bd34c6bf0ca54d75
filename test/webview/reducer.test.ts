import { expect, test } from 'vitest';
import { readyState as empty } from '../support/chatState.ts';
import { initialState, reduce, type ViewEvent, type ViewState } from '../../webview/reducer.ts';

function after(...events: ViewEvent[]): ViewState {
  return events.reduce(reduce, initialState);
}

function answered(turn: string, text: string): ViewEvent {
  return { type: 'answered', turn, event: { type: 'text', text }, at: 5 };
}

const started: ViewEvent[] = [
  { type: 'state', state: empty },
  { type: 'asked', turn: 't1', prompt: 'hello', at: 1 },
];

test('The view applies the messages of the host and joins the text of an answer.', () => {
  const { chat } = after(...started, answered('t1', 'Grüe'), answered('t1', 'zi'), {
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

test('Opening a conversation replaces the previous one and keeps agents and connection.', () => {
  const { type: _, ...opened } = {
    type: 'conversation',
    conversation: 'c2',
    agent: 'a',
    actorId: 'me',
    sessionId: 's2',
    opening: { why: 'forked' },
    turns: [],
  } as const;
  const { chat } = after(...started, { type: 'conversation', ...opened });
  expect(chat).toEqual({ ...empty, ...opened, session: { state: 'unknown' } });
});

test('A conversation is listed once, and a removed one can be restored.', () => {
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

test('A lost connection keeps the turns until a new state arrives.', () => {
  const lost = after(...started, { type: 'link', link: 'lost' });
  expect(lost).toMatchObject({ link: 'lost', chat: { turns: [{ prompt: 'hello' }] } });
  const back = [{ type: 'link', link: 'open' } as const, { type: 'state', state: empty } as const];
  expect(back.reduce<ViewState>(reduce, lost)).toMatchObject({ link: 'open', chat: empty });
});

test('An unchanged turn stays the same object, so that it is not rendered again.', () => {
  const first = after(...started, {
    type: 'closed',
    turn: 't1',
    outcome: { type: 'completed' },
    at: 9,
  });
  const then = reduce(first, { type: 'asked', turn: 't2', prompt: 'again', at: 2 });
  expect(then.chat?.turns[0]).toBe(first.chat?.turns[0]);
});

test.each<ViewEvent>([
  { type: 'asked', turn: 't2', prompt: 'overlapping', at: 2 },
  answered('t2', 'unknown turn'),
  { type: 'closed', turn: 't2', outcome: { type: 'canceled' }, at: 9 },
])('An event that cannot follow throws: %j.', (event) => {
  expect(() => after(...started, event)).toThrow('t2');
});

test('A turn cannot end twice.', () => {
  const end: ViewEvent = { type: 'closed', turn: 't1', outcome: { type: 'completed' }, at: 9 };
  expect(() => after(...started, end, end)).toThrow('closed of turn t1, which does not run');
});

test('A change before the state throws.', () => {
  expect(() => after(answered('t1', 'x'))).toThrow('before the state');
});
