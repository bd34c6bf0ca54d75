import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Outcome, Turn } from '../../src/shared/chat/turn.ts';
import { announce, announcedSoFar } from '../../webview/announcement.ts';

function turn(answer: string, outcome: Outcome | null = null): Turn {
  return {
    id: 't1',
    prompt: 'p',
    opening: null,
    parts: answer === '' ? [] : [{ type: 'text', text: answer }],
    usage: null,
    askedAt: 0,
    firstAt: null,
    endedAt: null,
    outcome,
  };
}

/** What is announced while the last turn goes through these states. */
function heard(...turns: Turn[]): string[] {
  let announced = announcedSoFar(undefined);
  const all: string[] = [];
  for (const last of turns) {
    const next = announce(announced, last);
    announced = next.announced;
    if (next.words !== '') all.push(next.words);
  }
  return all;
}

const completed: Outcome = { type: 'completed' };

test('an answer is announced by whole sentences, and its rest at its end', () => {
  expect(
    heard(
      turn(''),
      turn('It is'),
      turn('It is late. And'),
      turn('It is late. And 3.5 is a number. So'),
      turn('It is late. And 3.5 is a number. So be it', completed),
    ),
  ).toEqual(['It is late.', 'And 3.5 is a number.', 'So be it']);
});

test.each<[Outcome, string]>([
  [{ type: 'cancelled' }, 'Stopped.'],
  [{ type: 'failed', failure: { name: 'E', message: 'boom\n  at x' } }, 'Failed: boom'],
  [completed, 'The answer is empty.'],
])('the end %j is announced, once', (outcome, words) => {
  expect(heard(turn(''), turn('', outcome), turn('', outcome))).toEqual([words]);
});

test('what was there when the view opened is not announced', () => {
  const there = announcedSoFar(turn('Said before. And', null));
  expect(announce(there, turn('Said before. And now. ')).words).toBe('now.');
  const over = turn('All said.', completed);
  expect(announce(announcedSoFar(over), over).words).toBe('');
});

test('however an answer is cut, all of it is announced, and nothing twice', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (pieces) => {
      let answer = '';
      const growing = pieces.map((piece) => turn((answer += piece)));
      const words = heard(...growing, turn(answer, completed)).join('');
      const squeezed = (text: string) => text.replaceAll(/\s/g, '');
      expect(squeezed(words)).toBe(squeezed(answer === '' ? 'The answer is empty.' : answer));
    }),
  );
});
