import { flagName, type CliCommand, type Options } from './command.ts';
import { argumentList, commonOptions, synopsis } from './parseArguments.ts';

const WIDTH = 100;
const INDENT = 2;

/** Formats a command's help from its declaration. */
export function formatHelp(
  command: CliCommand,
  { isDefault, others }: { isDefault: boolean; others: readonly CliCommand[] },
): string {
  const usage = command.isPassThrough
    ? `${command.name} [options] [--] ${argumentList(command)} …`
    : `${synopsis(command)} [options]`;
  const commands = others.map((other) => [synopsis(other), other.summary] as const);
  const options: Options = { ...command.options, ...commonOptions };
  const sections = [
    `Usage: agentcore-emulator ${isDefault ? usage.replace(command.name, `[${command.name}]`) : usage}`,
    wrap(command.description, WIDTH).join('\n'),
    list(
      'Arguments',
      command.arguments.map(({ name, description }) => [name, description]),
    ),
    list('Options', Object.entries(options).map(describeOption)),
    list('Other commands (each has its own --help)', isDefault ? commands : []),
    wrap(command.footer ?? '', WIDTH).join('\n'),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function describeOption([name, option]: [string, Options[string]]) {
  const { valueName, short, description, defaultText } = option;
  const flags = `${short === undefined ? '' : `-${short}, `}${flagName(name)}`;
  return [
    valueName === undefined ? flags : `${flags} ${valueName}`,
    defaultText === undefined ? description : `${description} Default: ${defaultText}.`,
  ] as const;
}

function list(title: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return '';
  const column = INDENT + Math.max(...rows.map(([term]) => term.length)) + INDENT;
  const lines = rows.flatMap(([term, description]) =>
    wrap(description, WIDTH - column).map((line, index) =>
      index === 0
        ? `${' '.repeat(INDENT)}${term}`.padEnd(column) + line
        : ' '.repeat(column) + line,
    ),
  );
  return [`${title}:`, ...lines].join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
