import { existsSync } from 'node:fs';
import type { CliCommand } from './command.ts';
import { formatHelp } from './help.ts';
import { invoke } from './invoke.ts';
import { officialCli } from './officialCli.ts';
import { findCommandIndex, parseArguments, unknownWord } from './parseArguments.ts';
import { start } from './start.ts';
import { exportMemories, importMemories } from './transferMemories.ts';
import { UsageError } from './usageError.ts';

const commands = [start, invoke, exportMemories, importMemories, officialCli] as const;

/** Runs the command line and returns the exit code. */
export async function main(words: readonly string[]): Promise<number> {
  try {
    const index = findCommandIndex(commands, words);
    const first = words[index];
    const command = commands.find(({ name }) => name === first);
    if (command) return await run(command, words.toSpliced(index, 1));
    if (first !== undefined && !isFolder(first)) {
      throw unknownWord(
        'command',
        first,
        commands.map(({ name }) => name),
      );
    }
    return await run(start, words);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`agentcore-emulator: ${error.message}\n`);
    return 2;
  }
}

/** Returns true if a first argument names a project's folder. Any path does, even if it does not exist. */
function isFolder(word: string): boolean {
  return /^\.|[/\\]/.test(word) || existsSync(word);
}

async function run(command: CliCommand, words: readonly string[]): Promise<number> {
  const request = parseArguments(command, words);
  switch (request.type) {
    case 'help': {
      const others = commands.filter((other) => other.name !== command.name);
      process.stdout.write(formatHelp(command, { isDefault: command.name === 'start', others }));
      return 0;
    }
    case 'version':
      process.stdout.write(`${VERSION}\n`);
      return 0;
    case 'run':
      return command.run(request.values, request.args);
  }
}
