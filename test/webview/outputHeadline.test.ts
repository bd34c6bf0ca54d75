import { expect, test } from 'vitest';
import { findHeadline } from '../../webview/session/outputHeadline.ts';

test.each([
  [
    'Traceback (most recent call last):\n  File "main.py", line 1\nModuleNotFoundError: No module named \'agent\'\n',
    "ModuleNotFoundError: No module named 'agent'",
  ],
  [
    'file:///a/main.mjs:3\n\nTypeError [ERR_X]: boom\n    at main.mjs:3:9\n\nNode.js v24.1.0',
    'TypeError [ERR_X]: boom',
  ],
  ['it listens\nout of cheese\n', 'out of cheese'],
])('The headline of an output is its exception, else its last line.', (output, line) => {
  expect(findHeadline(output)).toBe(line);
});
