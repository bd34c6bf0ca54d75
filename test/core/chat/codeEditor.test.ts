import { expect, test } from 'vitest';
import { useFakeAgent } from '../../support/chat.ts';

test('code is exchanged with the editor, which reports failures', async () => {
  const taken: string[][] = [];
  const { view } = useFakeAgent(() => Promise.reject(new Error('nothing is sent')), {
    selection: () => ({
      name: 'a.js',
      language: 'javascript',
      firstLine: 2,
      lastLine: 2,
      text: 'b',
    }),
    insert: () => Promise.reject(new Error('no file is open in an editor')),
    async open(...code) {
      taken.push(code);
    },
    openPage: async () => {},
  });
  expect(view.state()?.hasEditor).toBe(true);
  view.send({ type: 'attachSelection' });
  expect(view.state()?.attachments).toMatchObject([
    { type: 'selection', name: 'a.js', firstLine: 2, text: 'b' },
  ]);
  view.send({ type: 'openCode', text: 'let a;', language: 'js' });
  expect(taken).toEqual([['let a;', 'js']]);
  view.send({ type: 'insertCode', text: 'let a;' });
  const { problem } = await view.until((state) => state.problem !== null);
  expect(problem).toBe('The code could not be inserted: no file is open in an editor');
});

test('without an editor, the state says so and code requests are ignored', () => {
  const { view } = useFakeAgent(() => Promise.reject(new Error('nothing is sent')));
  view.send({ type: 'insertCode', text: 'let a;' });
  expect(view.state()).toMatchObject({ hasEditor: false, problem: null });
});
