import { expect, test } from 'vitest';
import {
  findCommand,
  matchCommands,
  type SlashCommand,
} from '../../../webview/composer/commands.ts';

const command = (name: string): SlashCommand => ({
  name,
  title: '',
  unavailableReason: null,
  run() {},
});
const commands = [command('new'), command('stop'), command('session')];
const suggested = (text: string) => matchCommands(text, commands).map(({ name }) => name);

test('A slash suggests all commands, and a prefix those that start with it.', () => {
  expect(suggested('/')).toEqual(['new', 'stop', 'session']);
  expect(suggested('/S')).toEqual(['stop', 'session']);
  expect(suggested('/x')).toEqual([]);
});

test('Only a slash and one word suggest commands.', () => {
  for (const text of ['', 'new', 'a /new', '/new one', '/stop\n', '//new']) {
    expect(suggested(text)).toEqual([]);
  }
});

test('Only the complete name runs a command, so that other text reaches the agent.', () => {
  expect(findCommand(' /New ', commands)?.name).toBe('new');
  for (const text of ['/ne', '/news', '/new conversation', 'new']) {
    expect(findCommand(text, commands)).toBeNull();
  }
});
