import { start } from './start.ts';
import { UsageError } from './usage.ts';

/** A subcommand: its arguments in, the exit code out. */
type Command = (args: string[]) => Promise<number>;

// What is not the start is loaded when it is asked for.
const commands: Readonly<Record<string, Command>> = {
  start,
  invoke: async (args) => (await import('./invoke.ts')).invoke(args),
  export: async (args) => (await import('./memories.ts')).exportMemories(args),
  import: async (args) => (await import('./memories.ts')).importMemories(args),
  cli: async (args) => (await import('./cli.ts')).cli(args),
};

/** Runs the command line and gives back the exit code. */
export async function main(args: string[]): Promise<number> {
  const [first = ''] = args;
  const named = Object.hasOwn(commands, first) ? commands[first] : undefined;
  try {
    return await (named ? named(args.slice(1)) : start(args));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`agentcore-emulator: ${error.message} (see --help)\n`);
    return 2;
  }
}
