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

test('Sent prompts can be recalled, newest first, without consecutive duplicates.', () => {
  const sent = ['one', 'two', 'two', 'one', 'three'];
  const turns = sent.map((prompt) => exampleTurn({ prompt }));
  const payload = exampleTurn({ prompt: '{}', isPayload: true });
  expect(recallablePrompts([...turns, payload])).toEqual(['three', 'one', 'two', 'one']);
});

test('The draft returns after earlier prompts were recalled.', () => {
  const back = recall(createHistory('half a thought'), prompts, 1)!;
  expect(currentText(back, prompts)).toBe('newer');
  expect(currentDraft(back)).toBe('half a thought');
  const further = recall(back, prompts, 1)!;
  expect(currentText(further, prompts)).toBe('older');
  expect(recall(further, prompts, 1)).toBeNull();
  const atDraft = recall(recall(further, prompts, -1)!, prompts, -1)!;
  expect(currentText(atDraft, prompts)).toBe('half a thought');
  expect(recall(atDraft, prompts, -1)).toBeNull();
});

test('An edit of a recalled prompt is kept while other prompts are recalled.', () => {
  const changed = writeText(recall(createHistory(''), prompts, 1)!, 'newer and better');
  const older = recall(changed, prompts, 1)!;
  expect(currentText(older, prompts)).toBe('older');
  expect(currentText(recall(older, prompts, -1)!, prompts)).toBe('newer and better');
});

test('In a conversation with fewer prompts, the draft replaces missing ones.', () => {
  const line = recall(recall(createHistory('draft'), prompts, 1)!, prompts, 1)!;
  expect(currentText(line, [])).toBe('draft');
});
