import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Part } from '../../src/shared/chat/answer.ts';
import type { Outcome, Turn } from '../../src/shared/chat/turn.ts';
import { exampleTurn } from '../support/chatState.ts';
import { createAnnouncement } from '../../webview/announcer/announcement.ts';
import { createMarkdownDocument } from '../../webview/markdown/document.ts';
import { toSpokenText } from '../../webview/markdown/spokenText.ts';
import { wellWritten } from './markdown/corpus.ts';

function createTurn(parts: readonly Part[], outcome: Outcome | null = null): Turn {
  return exampleTurn({ parts, outcome });
}

function turn(answer: string, outcome: Outcome | null = null): Turn {
  return createTurn(answer === '' ? [] : [{ type: 'text', text: answer }], outcome);
}

/** Announcements while the last turn goes through these states. */
function announceAll(...turns: Turn[]): string[] {
  const announcement = createAnnouncement(undefined);
  return turns.map((last) => announcement.next(last)).filter(Boolean);
}

const completed: Outcome = { type: 'completed' };

test('An answer is announced in complete sentences, and the rest at its end.', () => {
  expect(
    announceAll(
      turn(''),
      turn('It is'),
      turn('It is late. And'),
      turn('It is late. And 3.5 is a number. So'),
      turn('It is late. And 3.5 is a number. So be it', completed),
    ),
  ).toEqual(['It is late.', 'And 3.5 is a number.', 'So be it']);
});

test('Text is announced without markup, and code by its language.', () => {
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
  expect(announceAll(...letters, turn(answer, completed))).toEqual([
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

test('Guardrails and notices are announced, thinking and tools are not.', () => {
  const parts: Part[] = [
    { type: 'thinking', text: 'Hm. So. ' },
    { type: 'text', text: 'Well' },
    { type: 'guardrail', text: 'The topic is denied.' },
    { type: 'notice', text: 'More is not shown.' },
  ];
  expect(
    announceAll(createTurn(parts.slice(0, 2)), createTurn(parts), createTurn(parts, completed)),
  ).toEqual(['Well\nThe topic is denied.', 'More is not shown.']);
});

test.each<[Outcome, string]>([
  [{ type: 'canceled' }, 'Stopped.'],
  [{ type: 'failed', failure: { name: 'E', message: 'boom\n  at x' } }, 'Failed: boom'],
  [completed, 'The answer is empty.'],
])('The outcome %j is announced once.', (outcome, words) => {
  expect(announceAll(turn(''), turn('', outcome), turn('', outcome))).toEqual([words]);
});

test('A question of the agent is announced at the end of the answer, even without text.', () => {
  const waiting = exampleTurn({ waitingTask: { id: 't', contextId: 'c' } });
  const words = 'The agent is waiting for your reply.';
  expect(announceAll(waiting, { ...waiting, outcome: completed })).toEqual([words]);
  const where = { ...turn('Where?'), waitingTask: waiting.waitingTask! };
  expect(announceAll(where, { ...where, outcome: completed })).toEqual([`Where? ${words}`]);
});

test('Text that existed when the view opened is not announced.', () => {
  const there = createAnnouncement(turn('Said before. And', null));
  expect(there.next(turn('Said before. And now. So'))).toBe('now.');
  const over = turn('All said.', completed);
  expect(createAnnouncement(over).next(over)).toBe('');
});

test('An answer is announced completely and without repetition, however it is split.', () => {
  const withoutSpaces = (text: string) => text.replaceAll(/\s/g, '');
  fc.assert(
    fc.property(wellWritten, fc.array(fc.nat(200), { maxLength: 20 }), (answer, cuts) => {
      const growing = cuts.toSorted((a, b) => a - b).map((cut) => turn(answer.slice(0, cut)));
      const words = announceAll(...growing, turn(answer, completed)).join('');
      const all = toSpokenText(
        createMarkdownDocument().read(answer, { ended: true, isStalled: false }),
      );
      expect(withoutSpaces(words)).toBe(withoutSpaces(all));
    }),
  );
});
