import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Part } from '../../src/shared/chat/answer.ts';
import type { Outcome, Turn } from '../../src/shared/chat/turn.ts';
import { exampleTurn } from '../support/chatState.ts';
import { createAnnouncement } from '../../webview/announcer/announcement.ts';
import { createDocument } from '../../webview/markdown/document.ts';
import { toSpokenText } from '../../webview/markdown/spokenText.ts';
import { wellWritten } from './markdown/corpus.ts';

function turnOf(parts: readonly Part[], outcome: Outcome | null = null): Turn {
  return exampleTurn({ parts, outcome });
}

function turn(answer: string, outcome: Outcome | null = null): Turn {
  return turnOf(answer === '' ? [] : [{ type: 'text', text: answer }], outcome);
}

/** What is announced while the last turn goes through these states. */
function heard(...turns: Turn[]): string[] {
  const announcement = createAnnouncement(undefined);
  return turns.map((last) => announcement.next(last)).filter(Boolean);
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

test('words are announced without what marks them, and code by its name', () => {
  const answer = `# The *title*

It is **late. And** \`3.5\` is [a number](https://x.y) of [notes](notes.md).

- [x] one
  > two
---
\`\`\`js
const a = '*';
\`\`\`

| a | b |
|---|---|
| \`c\` | d |`;
  const letters = answer.split('').map((_, index) => turn(answer.slice(0, index)));
  expect(heard(...letters, turn(answer, completed))).toEqual([
    'The title',
    'It is late.',
    'And 3.5 is a number of notes (notes.md).',
    'one',
    'two',
    'Code in js.',
    'a, b',
    'c, d',
  ]);
});

test('a guardrail and what is left out are announced, thoughts and tools are not', () => {
  const parts: Part[] = [
    { type: 'thinking', text: 'Hm. So. ' },
    { type: 'text', text: 'Well' },
    { type: 'guardrail', text: 'The topic is denied.' },
    { type: 'notice', text: 'More is not shown.' },
  ];
  expect(heard(turnOf(parts.slice(0, 2)), turnOf(parts), turnOf(parts, completed))).toEqual([
    'Well\nThe topic is denied.',
    'More is not shown.',
  ]);
});

test.each<[Outcome, string]>([
  [{ type: 'cancelled' }, 'Stopped.'],
  [{ type: 'failed', failure: { name: 'E', message: 'boom\n  at x' } }, 'Failed: boom'],
  [completed, 'The answer is empty.'],
])('the end %j is announced, once', (outcome, words) => {
  expect(heard(turn(''), turn('', outcome), turn('', outcome))).toEqual([words]);
});

test('that an answer is a question is announced at its end, even where it has no words', () => {
  const asksBack = exampleTurn({ waitingTask: { id: 't', contextId: 'c' } });
  const words = 'The agent waits for your answer.';
  expect(heard(asksBack, { ...asksBack, outcome: completed })).toEqual([words]);
  const where = { ...turn('Where?'), waitingTask: asksBack.waitingTask! };
  expect(heard(where, { ...where, outcome: completed })).toEqual([`Where? ${words}`]);
});

test('what was there when the view opened is not announced', () => {
  const there = createAnnouncement(turn('Said before. And', null));
  expect(there.next(turn('Said before. And now. So'))).toBe('now.');
  const over = turn('All said.', completed);
  expect(createAnnouncement(over).next(over)).toBe('');
});

test('however an answer is cut, all of it is announced, and nothing twice', () => {
  const squeezed = (text: string) => text.replaceAll(/\s/g, '');
  fc.assert(
    fc.property(wellWritten, fc.array(fc.nat(200), { maxLength: 20 }), (answer, cuts) => {
      const growing = cuts.toSorted((a, b) => a - b).map((cut) => turn(answer.slice(0, cut)));
      const words = heard(...growing, turn(answer, completed)).join('');
      const all = toSpokenText(createDocument().read(answer, { ended: true, stands: false }));
      expect(squeezed(words)).toBe(squeezed(all));
    }),
  );
});
