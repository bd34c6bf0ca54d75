import { expect, test } from 'vitest';
import { defineCommand, flag, flagName, listOption, option } from '../../src/cli/command.ts';
import { formatHelp } from '../../src/cli/help.ts';
import { choice, text, wholeNumber } from '../../src/cli/optionValues.ts';
import { parseArguments } from '../../src/cli/parseArguments.ts';

const bake = defineCommand({
  name: 'bake',
  summary: 'Bake a cake.',
  description: 'Bakes a cake.',
  arguments: [
    { name: 'CAKE', description: 'Kind of cake.' },
    { name: 'PLATE', description: 'Where it goes.', isOptional: true },
  ],
  options: {
    ovenHeat: option('DEGREES', 'Heat of the oven.', wholeNumber(0, 300), 180),
    icing: option('KIND', 'Icing.', choice('sugar', 'chocolate')),
    topping: listOption('NAME', 'Topping; may be repeated.', text, 't'),
    quiet: flag('Print nothing.'),
    loud: flag('Print everything.'),
  },
  conflicts: [['quiet', 'loud']],
  run: async () => 0,
});

const wrap = defineCommand({ ...bake, name: 'wrap', isPassThrough: true });

test('values come in the types of their options, with defaults for absent ones', () => {
  expect(parseArguments(bake, ['pie'])).toEqual({
    type: 'run',
    values: { ovenHeat: 180, icing: undefined, topping: [], quiet: false, loud: false },
    args: ['pie'],
  });
  const words = [
    '--oven-heat=x',
    '-t',
    'nuts',
    'pie',
    '--topping=jam',
    '--oven-heat',
    '200',
    'blue',
  ];
  expect(parseArguments(bake, [...words, '--quiet'])).toEqual({
    type: 'run',
    values: { ovenHeat: 200, icing: undefined, topping: ['nuts', 'jam'], quiet: true, loud: false },
    args: ['pie', 'blue'],
  });
});

test.for([
  [['pie', '--oven-heta', '1'], "Unknown option '--oven-heta'. Did you mean '--oven-heat'?"],
  [['pie', '--qiet'], "Unknown option '--qiet'. Did you mean '--quiet'?"],
  [['pie', '--top', 'nuts'], "Unknown option '--top'. Did you mean '--topping'?"],
  [['pie', '-x'], "Unknown option '-x'. See --help."],
  [['pie', '--sprinkles'], "Unknown option '--sprinkles'. See --help."],
  [['pie', '--oven-heat'], '--oven-heat requires a value: --oven-heat DEGREES.'],
  [['pie', '--oven-heat', '--quiet'], '--oven-heat requires a value: --oven-heat DEGREES.'],
  [['pie', '--oven-heat=301'], "--oven-heat expects a whole number from 0 to 300, not '301'."],
  [['pie', '--icing', 'salt'], "--icing expects sugar or chocolate, not 'salt'."],
  [['pie', '--quiet=yes'], '--quiet takes no value.'],
  [['pie', '--quiet', '--loud'], '--quiet and --loud cannot be combined.'],
  [[], 'CAKE is missing. Usage: agentcore-emulator bake CAKE [PLATE]'],
  [['a', 'b', 'c'], "Unexpected argument 'c'. Quote values that contain spaces."],
] as const)('%j is refused: %s', ([words, message]) => {
  expect(() => parseArguments(bake, words)).toThrow(message);
});

test('a pass-through command passes on the other program’s options unchanged', () => {
  const run = (words: string[]) => parseArguments(wrap, words);
  const values = { ovenHeat: 9, icing: undefined, topping: [], quiet: false, loud: false };
  const expected = { type: 'run', values, args: ['pie', '--help', '--quiet'] };
  expect(run(['--oven-heat', '9', 'pie', '--help', '--quiet'])).toEqual(expected);
  expect(run(['--oven-heat=9', '--', 'pie', '--help', '--quiet'])).toEqual(expected);
  expect(run(['--help', '--', 'pie'])).toEqual({ type: 'help' });
});

test('help and version take precedence over invalid values and arguments', () => {
  expect(parseArguments(bake, ['--oven-heat=x', '-h'])).toEqual({ type: 'help' });
  expect(parseArguments(bake, ['--version'])).toEqual({ type: 'version' });
});

test('the help text names every argument and option with its default', () => {
  const help = formatHelp(bake, { isDefault: false, others: [wrap] });
  expect(help).toMatch(/^Usage: agentcore-emulator bake CAKE \[PLATE\] \[options\]\n/);
  for (const name of Object.keys(bake.options)) expect(help).toContain(flagName(name));
  expect(help).toMatch(/--oven-heat DEGREES +Heat of the oven\. Default: 180\.\n/);
  expect(help).toMatch(/-t, --topping NAME +Topping/);
  expect(help).not.toContain('wrap');
  expect(formatHelp(bake, { isDefault: true, others: [wrap] })).toMatch(
    /wrap CAKE \[PLATE\] +Bake a cake\./,
  );
});
