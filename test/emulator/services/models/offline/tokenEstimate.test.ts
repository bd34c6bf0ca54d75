import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  countTokens,
  estimateTokens,
  splitTokens,
} from '../../../../../emulator/services/models/offline/tokenEstimate.ts';
import { request, tool } from './request.ts';

test('The tokens of a text are the text.', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const tokens = splitTokens(text);
      expect(tokens.join('')).toBe(text);
      expect(countTokens(text)).toBe(tokens.length);
    }),
  );
});

test('English has about 4 characters for each token.', () => {
  const text =
    'Developers scaffold an agent, run and debug it on a local emulator, and deploy the same project.';
  expect(text.length / countTokens(text)).toBeGreaterThan(3);
  expect(text.length / countTokens(text)).toBeLessThan(5.5);
});

test('Every part of a prompt adds tokens.', () => {
  const tokens = [
    request(['Hello']),
    request(['Hello'], { system: [{ text: 'Be brief.' }] }),
    request(['Hello'], { system: [{ text: 'Be brief.' }], tools: [tool('search', 'Searches.')] }),
    request(['Hello', 'Hi.', 'Bye'], {
      system: [{ text: 'Be brief.' }],
      tools: [tool('search', 'Searches.')],
    }),
  ].map(estimateTokens);
  expect(tokens).toEqual(tokens.toSorted((a, b) => a - b));
  expect(new Set(tokens).size).toBe(tokens.length);
});
