import { expect, test } from 'vitest';
import { EVENTS, LINES, formatEventStream, formatJsonLines } from '../../support/answers.ts';
import { readInAllSplits, type AnswerExample } from './allSplits.ts';

const answers: AnswerExample[] = [
  [
    'JSON lines in events without blank lines between them',
    EVENTS,
    'data: {"text":"a"}\ndata: {"text":"b"}\n\n',
    ['ab'],
  ],
  [
    'JSON lines with the content type of JSON',
    'application/json',
    formatJsonLines({ text: 'a' }, { text: 'b' }),
    ['ab'],
  ],
  ['JSON lines without a content type', '', formatJsonLines({ text: 'a' }, { text: 'b' }), ['ab']],
  ['events with the content type of text', 'text/plain', formatEventStream('a', 'b'), ['ab']],
  ['text among JSON lines', LINES, '{"text":"a"}\nwarning: b\n{"text":"c"}\n', ['awarning: b\nc']],
  [
    'text that starts like a list',
    'text/plain',
    '[Note] it is [1].\nYes',
    ['[Note] it is [1].\nYes'],
  ],
  ['text that starts like a field', 'text/plain', 'dates are text', ['dates are text']],
];

test.each(answers)('%s: reads the same however it is split', async (_name, type, answer, read) => {
  await readInAllSplits(type, answer, (events) => expect(events).toEqual(read));
});
