import type { ValueType } from './optionValues.ts';
import { UsageError } from './usageError.ts';

/** An option, declared once: parsing, validation, help and suggestions derive from it. */
export interface Option<Value> {
  /** Stands for the value in the help text; absent for a flag. */
  readonly valueName?: string;
  /** A one-letter alias. */
  readonly short?: string;
  readonly description: string;
  /** The default value, for the help text. */
  readonly defaultText?: string;
  /** Converts the texts given for the option, in order, to its value. `name` is for errors. */
  read(texts: readonly string[], name: string): Value;
}

/** Options by name in camel case: `idleTimeout` is `--idle-timeout`. */
export type Options = Readonly<Record<string, Option<unknown>>>;

/** The values of declared options. */
export type OptionValues<Declared extends Options> = {
  readonly [Name in keyof Declared]: Declared[Name] extends Option<infer Value> ? Value : never;
};

/** A positional argument. */
export interface Argument {
  readonly name: string;
  readonly description: string;
  readonly isOptional?: boolean;
}

/** A subcommand with everything that parsing and help need. */
export interface CliCommand<Declared extends Options = Options> {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly description: string;
  readonly arguments: readonly Argument[];
  readonly options: Declared;
  /** Pairs of options that cannot be combined. */
  readonly conflicts?: readonly (readonly [keyof Declared & string, keyof Declared & string])[];
  /** True if the arguments are another program's command line. Our options end at the first argument. */
  readonly isPassThrough?: boolean;
  /** Shown at the end of the help text. */
  readonly footer?: string;
  /** Returns the exit code. */
  run(values: OptionValues<Declared>, args: readonly string[]): Promise<number>;
}

/** Declares a command. Its `run` gets exactly the values of its options, so callers need no types. */
export function defineCommand<const Declared extends Options>(
  command: CliCommand<Declared>,
): CliCommand {
  return command as unknown as CliCommand;
}

/** An option without a value. */
export function flag(description: string): Option<boolean> {
  return { description, read: (texts) => texts.length > 0 };
}

/** An option with a value. If it is repeated, the last value applies. */
export function option<Value>(
  valueName: string,
  description: string,
  type: ValueType<Value>,
): Option<Value | undefined>;
export function option<Value>(
  valueName: string,
  description: string,
  type: ValueType<Value>,
  defaultValue: Value,
): Option<Value>;
export function option<Value>(
  valueName: string,
  description: string,
  type: ValueType<Value>,
  defaultValue?: Value,
): Option<Value | undefined> {
  return {
    valueName,
    description,
    ...(defaultValue !== undefined && { defaultText: String(defaultValue) }),
    read(texts, name) {
      const text = texts.at(-1);
      return text === undefined ? defaultValue : parseValue(type, text, name);
    },
  };
}

/** An option that may be given several times. */
export function listOption<Value>(
  valueName: string,
  description: string,
  type: ValueType<Value>,
  short?: string,
): Option<readonly Value[]> {
  return {
    valueName,
    ...(short !== undefined && { short }),
    description,
    read: (texts, name) => texts.map((text) => parseValue(type, text, name)),
  };
}

function parseValue<Value>(type: ValueType<Value>, text: string, name: string): Value {
  const value = type.parse(text);
  if (value !== undefined) return value;
  const given = type.isSecret === true && text !== '' ? '' : `, not '${text}'`;
  throw new UsageError(`${name} expects ${type.expected}${given}.`);
}

/** The option's name on the command line: `--idle-timeout` for `idleTimeout`. */
export function flagName(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
