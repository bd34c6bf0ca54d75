import { parseArgs } from 'node:util';
import {
  flag,
  flagName,
  type CliCommand,
  type Option,
  type Options,
  type OptionValues,
} from './command.ts';
import { suggest } from '../shared/suggest.ts';
import { UsageError } from './usageError.ts';

/** The options that every command has. */
export const commonOptions = {
  help: { ...flag('Print this help.'), short: 'h' },
  version: flag('Print the version.'),
} satisfies Options;

/** A parsed command line. */
export type Request =
  | { readonly type: 'help' }
  | { readonly type: 'version' }
  | {
      readonly type: 'run';
      readonly values: OptionValues<Options>;
      readonly args: readonly string[];
    };

/** An option as parseArgs found it. */
interface OptionToken {
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

/** Parses a command's arguments by its declaration; throws a UsageError if they are invalid. */
export function parseArguments(command: CliCommand, words: readonly string[]): Request {
  const options: Options = { ...command.options, ...commonOptions };
  const byFlag = new Map(Object.keys(options).map((name) => [flagName(name), name]));
  const [own, passed] = command.isPassThrough
    ? splitPassThrough(words, (flag) => options[byFlag.get(flag) ?? '']?.valueName !== undefined)
    : [words, []];
  // Not strict: the errors of parseArgs suggest nothing.
  const { tokens } = parseArgs({
    args: [...own],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(options).map(([name, { valueName, short }]) => [
        flagName(name).slice(2),
        { type: valueName === undefined ? 'boolean' : 'string', ...(short && { short }) } as const,
      ]),
    ),
  });

  const texts = new Map<string, string[]>();
  const args: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') args.push(token.value);
    if (token.kind !== 'option') continue;
    const name = byFlag.get(`--${token.name}`);
    if (name === undefined) throw unknownWord('option', token.rawName, [...byFlag.keys()]);
    texts.set(name, [...(texts.get(name) ?? []), readValue(token, options[name]!.valueName)]);
  }
  if (texts.has('help')) return { type: 'help' };
  if (texts.has('version')) return { type: 'version' };
  for (const [one, other] of command.conflicts ?? []) {
    if (!texts.has(one) || !texts.has(other)) continue;
    throw new UsageError(`${flagName(one)} and ${flagName(other)} cannot be combined.`);
  }
  if (!command.isPassThrough) checkArguments(command, args);
  const values = Object.entries(command.options).map(([name, { read }]) => [
    name,
    read(texts.get(name) ?? [], flagName(name)),
  ]);
  return {
    type: 'run',
    values: Object.fromEntries(values),
    args: [...args, ...passed],
  };
}

/** Returns the error for an unknown command or option, with a suggestion if there is one. */
export function unknownWord(
  kind: 'command' | 'option',
  word: string,
  known: readonly string[],
): UsageError {
  const meant = suggest(word, known);
  const hint = meant === undefined ? 'See --help.' : `Did you mean '${meant}'?`;
  return new UsageError(`Unknown ${kind} '${word}'. ${hint}`);
}

function readValue(
  { rawName, value, inlineValue }: OptionToken,
  valueName: string | undefined,
): string {
  if (valueName === undefined) {
    if (value === undefined) return '';
    throw new UsageError(`${rawName} takes no value.`);
  }
  // A word that starts with a hyphen is the next option. A single hyphen is a value.
  const isMissing = value === undefined || (inlineValue === false && /^-./.test(value));
  if (isMissing) throw new UsageError(`${rawName} requires a value: ${rawName} ${valueName}.`);
  return value;
}

function checkArguments(command: CliCommand, args: readonly string[]): void {
  const missing = command.arguments.slice(args.length).find(({ isOptional }) => !isOptional);
  if (missing) {
    throw new UsageError(
      `${missing.name} is missing. Usage: agentcore-emulator ${synopsis(command)}`,
    );
  }
  const extra = args[command.arguments.length];
  if (extra !== undefined) {
    throw new UsageError(`Unexpected argument '${extra}'. Quote values that contain spaces.`);
  }
}

/** The command's name and arguments, as its usage line has them. */
export function synopsis(command: CliCommand): string {
  return `${command.name} ${argumentList(command)}`;
}

/** The arguments of a command, with optional ones in brackets. */
export function argumentList({ arguments: declared }: CliCommand): string {
  return declared.map(({ name, isOptional }) => (isOptional ? `[${name}]` : name)).join(' ');
}

/** Splits a command line into our own options and the rest, with or without `--`. */
function splitPassThrough(
  words: readonly string[],
  hasValue: (flag: string) => boolean,
): [own: readonly string[], passed: readonly string[]] {
  const end = findFirstArgument(words, hasValue);
  return [words.slice(0, end), words.slice(words[end] === '--' ? end + 1 : end)];
}

/** Returns the index of the first word that is neither an option nor an option's value. */
function findFirstArgument(words: readonly string[], hasValue: (flag: string) => boolean): number {
  let index = 0;
  while (words[index]?.startsWith('-') && words[index] !== '--') {
    index += hasValue(words[index]!) ? 2 : 1;
  }
  return index;
}

/**
 * Returns the index of the command's name or of the first argument, which options may precede; -1 if
 * there is none, or if an unknown option precedes it.
 */
export function findCommandIndex(
  commands: readonly CliCommand[],
  words: readonly string[],
): number {
  const hasValue = new Map<string, boolean>();
  for (const { options } of [...commands, { options: commonOptions }]) {
    for (const [name, { valueName, short }] of Object.entries<Option<unknown>>(options)) {
      hasValue.set(flagName(name), valueName !== undefined);
      if (short !== undefined) hasValue.set(`-${short}`, valueName !== undefined);
    }
  }
  let isKnown = true;
  const index = findFirstArgument(words, (flag) => {
    isKnown &&= hasValue.has(flag.replace(/=.*/s, ''));
    return hasValue.get(flag) ?? false;
  });
  return isKnown && index < words.length && words[index] !== '--' ? index : -1;
}
