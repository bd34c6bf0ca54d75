import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readConversation } from '../../../../../emulator/services/models/offline/conversation.ts';
import {
  fillPlaceholders,
  matchTurn,
} from '../../../../../emulator/services/models/offline/script/matchTurn.ts';
import { parseScript } from '../../../../../emulator/services/models/offline/script/parseScript.ts';
import type { ModelRequest } from '../../../../../emulator/services/models/modelRequest.ts';
import { exchange, request } from './request.ts';

function problems(source: string): readonly string[] {
  const parsed = parseScript(source);
  return 'problems' in parsed ? parsed.problems : [];
}

describe('A script', () => {
  test.for(['', '# nothing yet\n', 'turns:\n', 'turns: []\n'])('may be %j.', (source) => {
    expect(problems(source)).toEqual([]);
  });

  test.for([
    ['turns: 5', '1:1: turns: 5 is not valid. Use a list of turns.'],
    [
      'turns:\n  - text: Hello\n    stopReason: end\n',
      '3:5: turns[0].stopReason: "end" is not valid. Use one of endTurn, toolUse,',
    ],
    [
      'turns:\n  - when:\n      promt: hi\n    text: Hello\n',
      '3:7: turns[0].when.promt: not a field of a script. Did you mean prompt?',
    ],
    [
      'turns:\n  - when: { prompt: { regex: "(" } }\n    text: Hello\n',
      '2:23: turns[0].when.prompt.regex: "(" is not valid. Use a valid regular expression.',
    ],
    [
      'turns:\n  - when: { prompt: { regx: a } }\n    text: Hello\n',
      '2:13: turns[0].when.prompt: {"regx":"a"} is not valid. Use text to search for, or { regex:',
    ],
    [
      'turns:\n  - toolCalls:\n      - arguments: {}\n',
      '3:9: turns[0].toolCalls[0].name: missing. Use text.',
    ],
    ['latency: -1', '1:1: latency: -1 is not valid. Use milliseconds from 0 to 600000.'],
    ['turns:\n  - times: 0\n', '2:5: turns[0].times: 0 is not valid. Use an integer from 1.'],
    ['turns:\n  - fault: nap\n', '2:5: turns[0].fault: "nap" is not valid. Use one of throttling,'],
    ['turns:\n  - [text\n', '3:1: not valid YAML: '],
    [
      '- text: Hello\n',
      '1:1: The file: [{"text":"Hello"}] is not valid. Use an object with turns.',
    ],
  ] as const)('%j has the problem %j.', ([source, problem]) => {
    expect(problems(source)[0]).toContain(problem);
  });

  test('may be the example of the documentation.', () => {
    const [, example = ''] = /```yaml\n([^]*?)```/.exec(readFileSync('docs/models.md', 'utf8'))!;
    expect(example).toContain('turns:');
    expect(problems(example)).toEqual([]);
  });

  test('reports all of its problems.', () => {
    expect(problems('latency: x\nturn: []\n')).toHaveLength(2);
  });
});

function match(when: string, asked: ModelRequest, agent: string | null = null) {
  const parsed = parseScript(`turns:\n  - when: ${when}\n    text: Hello\n`);
  if ('problems' in parsed) throw new Error(parsed.problems.join('\n'));
  const conversation = readConversation(asked);
  return matchTurn(parsed.script.turns![0]!, { agent, model: asked.model, conversation });
}

describe('A turn', () => {
  const asked = request(['Hello', 'Hi.', 'The weather in Paris?'], {
    system: [{ text: 'You are a guide.' }],
  });
  const answered = request([
    'Weather?',
    ...exchange('get_weather', {}, 'sunny'),
    ...exchange('get_time', {}, 'noon'),
  ]);

  test.for([
    ['{}', asked],
    ['{ prompt: WEATHER in }', asked],
    ['{ prompt: { regex: "in (\\\\w+)" } }', asked],
    ['{ turn: 2, system: guide, model: test-model }', asked],
    ['{ toolResult: {} }', answered],
    ['{ toolResult: { tool: get_weather, text: sun } }', answered],
    ['{ toolResult: { tool: get_time } }', answered],
  ] as const)('with the conditions %s matches.', ([when, request]) => {
    expect(match(when, request)).not.toBeNull();
  });

  test.for([
    ['{ prompt: rain }', asked],
    ['{ prompt: { regex: "^in" } }', asked],
    ['{ turn: 1 }', asked],
    ['{ system: pirate }', asked],
    ['{ model: claude }', asked],
    ['{ toolResult: {} }', asked],
    ['{}', answered],
    ['{ prompt: Weather }', answered],
    ['{ toolResult: { tool: get_weather, text: noon } }', answered],
  ] as const)('with the conditions %s does not match.', ([when, request]) => {
    expect(match(when, request)).toBeNull();
  });

  test('can be that of one agent.', () => {
    expect(match('{ agent: Guide }', asked, 'Guide')).not.toBeNull();
    expect(match('{ agent: Guide }', asked, 'Other')).toBeNull();
    expect(match('{ agent: Guide }', asked, null)).toBeNull();
  });

  test('fills placeholders from the prompt, its groups and the result.', () => {
    const values = match('{ prompt: { regex: "in (?<city>\\\\w+)" } }', asked)!;
    expect(
      fillPlaceholders({ city: '{{city}}', all: ['{{1}} {{ prompt }} {{other}}', 5] }, values),
    ).toEqual({ city: 'Paris', all: ['Paris The weather in Paris? {{other}}', 5] });
    const result = match('{ toolResult: { tool: get_weather } }', answered)!;
    expect(fillPlaceholders('It is {{toolResult}}.', result)).toBe('It is sunny.');
  });
});
