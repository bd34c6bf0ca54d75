import { expect, test } from 'vitest';
import { newHead } from '../../../../src/core/chat/conversations/conversationHead.ts';
import { createInMemoryConversations } from '../../../../src/core/chat/conversations/inMemoryConversations.ts';
import { createConversationSearch } from '../../../../src/core/chat/conversations/conversationSearch.ts';
import { exampleTool, exampleTurn } from '../../../support/chatState.ts';

const conversations = createInMemoryConversations();
const blank = { agent: null, actorId: null, agents: [], at: 0 };
conversations.saveHead(newHead({ ...blank, newId: () => 'c1' }));
conversations.saveTurn(
  'c1',
  exampleTurn({
    prompt: 'How warm is it?\nI mean at the sea.',
    parts: [
      { type: 'thinking', text: 'First the place.\nIt is probably Ostia.' },
      exampleTool({
        name: 'get_weather',
        input: '{"city":"Ostia"}',
        result: {
          text: `${'calm, '.repeat(20)}24 degrees, ${'sunny, '.repeat(30)}`,
          failed: false,
        },
      }),
      { type: 'notice', text: 'Some was left out.' },
      { type: 'text', text: 'It is warm.' },
    ],
  }),
);
const find = async (words: string) => createConversationSearch(conversations).find(words, {});

test.each([
  ['sea', 'I mean at the sea.'],
  ['PROBABLY', 'It is probably Ostia.'],
  ['get_wea', 'get_weather {"city":"Ostia"}'],
  ['ostia city', 'get_weather {"city":"Ostia"}'],
  ['warm 24', 'How warm is it?'],
])('prompts, thoughts and tool uses are found, with their line: %s', async (words, excerpt) => {
  expect(await find(words)).toEqual([{ conversation: 'c1', excerpt }]);
});

test('a long line is shortened around the match', async () => {
  const [found] = (await find('degrees'))!;
  expect(found!.excerpt).toMatch(/^….{0,30}24 degrees, sunny,.{50,80}…$/);
});

test('notices and unknown words are not found', async () => {
  expect(await find('left out')).toEqual([]);
  expect(await find('warm snow')).toEqual([]);
});
