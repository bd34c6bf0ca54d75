import { expect, test } from 'vitest';
import { exampleTurn } from '../../support/chatState.ts';
import {
  currentDraft,
  createHistory,
  recallablePrompts,
  recall,
  currentText,
  writeText,
} from '../../../webview/composer/history.ts';

const prompts = ['newer', 'older'];

test('what can be recalled is what was sent, the newest first, and no prompt twice in a row', () => {
  const sent = ['one', 'two', 'two', 'one', 'three'];
  const turns = sent.map((prompt) => exampleTurn({ prompt }));
  const payload = exampleTurn({ prompt: '{}', isPayload: true });
  expect(recallablePrompts([...turns, payload])).toEqual(['three', 'one', 'two', 'one']);
});

test('a draft is there again when one comes back from what was sent', () => {
  const back = recall(createHistory('half a thought'), prompts, 1)!;
  expect(currentText(back, prompts)).toBe('newer');
  expect(currentDraft(back)).toBe('half a thought');
  const further = recall(back, prompts, 1)!;
  expect(currentText(further, prompts)).toBe('older');
  expect(recall(further, prompts, 1)).toBeNull();
  const home = recall(recall(further, prompts, -1)!, prompts, -1)!;
  expect(currentText(home, prompts)).toBe('half a thought');
  expect(recall(home, prompts, -1)).toBeNull();
});

test('a recalled prompt that is changed stays changed while one looks at others', () => {
  const changed = writeText(recall(createHistory(''), prompts, 1)!, 'newer and better');
  const away = recall(changed, prompts, 1)!;
  expect(currentText(away, prompts)).toBe('older');
  expect(currentText(recall(away, prompts, -1)!, prompts)).toBe('newer and better');
});

test('in a conversation with fewer prompts the draft stands in place of those that are not there', () => {
  const line = recall(recall(createHistory('draft'), prompts, 1)!, prompts, 1)!;
  expect(currentText(line, [])).toBe('draft');
});
