import { expect, test } from 'vitest';
import {
  findCommand,
  matchCommands,
  type SlashCommand,
} from '../../../webview/composer/commands.ts';

const command = (name: string): SlashCommand => ({ name, title: '', refusal: null, run() {} });
const commands = [command('new'), command('stop'), command('session')];
const offered = (text: string) => matchCommands(text, commands).map(({ name }) => name);

test('a slash offers all commands, and letters after it those that begin so', () => {
  expect(offered('/')).toEqual(['new', 'stop', 'session']);
  expect(offered('/S')).toEqual(['stop', 'session']);
  expect(offered('/x')).toEqual([]);
});

test('what is not a slash and one word is no beginning of a command', () => {
  for (const text of ['', 'new', 'a /new', '/new one', '/stop\n', '//new']) {
    expect(offered(text)).toEqual([]);
  }
});

test('a command is its whole name and nothing else, so that an agent’s own reach it', () => {
  expect(findCommand(' /New ', commands)?.name).toBe('new');
  for (const text of ['/ne', '/news', '/new conversation', 'new']) {
    expect(findCommand(text, commands)).toBeNull();
  }
});
