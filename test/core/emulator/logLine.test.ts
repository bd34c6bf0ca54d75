import { expect, test } from 'vitest';
import { readLogLine, readReady } from '../../../src/core/emulator/logLine.ts';

test.each([
  'null',
  '7',
  '"text"',
  '[]',
  '{}',
  '{"level":"loud","message":"x"}',
  '{"level":"toString","message":"x"}',
  '{"level":"info","message":7}',
  'not JSON',
])('%s is not a log message and becomes a warning', (line) => {
  expect(readLogLine(line)).toEqual({ level: 'warn', message: line });
});

test.each([
  'null',
  '{"type":"ready"}',
  '{"type":"ready","url":7,"pid":1}',
  '{"type":"other","url":"http://127.0.0.1:1","pid":1}',
])('%s is not a ready message', (line) => {
  expect(readReady(line)).toBeNull();
});
