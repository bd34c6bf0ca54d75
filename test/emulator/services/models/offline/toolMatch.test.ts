import { expect, test } from 'vitest';
import { findMentions } from '../../../../../emulator/services/models/offline/mentions.ts';
import { matchTools } from '../../../../../emulator/services/models/offline/toolMatch.ts';
import { tool } from './request.ts';

const tools = [
  tool('get_weather', 'Returns the current weather of a city.'),
  tool('calculator', 'Evaluates an expression.'),
  tool('multiply', 'Multiplies two numbers.'),
  tool('add', 'Adds two numbers.'),
  tool('createTicket', 'Creates a ticket for support.'),
  tool('delete_ticket', 'Deletes a ticket of support.'),
  tool('web_search', 'Searches the web.'),
  tool('send_email', 'Sends an email to a recipient.'),
  tool('lookup', 'Returns the opening hours of a museum. Accepts any name.'),
  tool('mcp__orders__status', 'Reports the state of a purchase order.'),
];

test.for([
  ['weather in Paris', ['get_weather']],
  ['Will I need an umbrella in Oslo?', ['get_weather']],
  ['What is 12 * 7?', ['calculator', 'multiply']],
  ['What is 12 plus 7?', ['calculator', 'add']],
  ['What is the square root of 1764?', ['calculator']],
  ['Please multiply 3 by 4', ['multiply']],
  ['Create a ticket: the printer burns', ['createTicket']],
  ['Delete ticket 12', ['delete_ticket']],
  ['Search for cats', ['web_search']],
  ['Mail bob@example.com that I am late', ['send_email']],
  ['When does the museum open?', ['lookup']],
  ['What is the weather in Rome, and what is 3 * 3?', ['get_weather', 'calculator', 'multiply']],
  ['Use send_email and nothing else about the weather', ['send_email']],
  ['Hello, how are you?', []],
  ['Tell me a joke', []],
  ['What is your name?', []],
  ['', []],
] as const)('%j matches %j.', ([prompt, names]) => {
  expect(matchTools(tools, findMentions(prompt)).map(({ name }) => name)).toEqual(names);
});
