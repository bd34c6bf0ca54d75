import { start, startHelp } from './start.ts';
import { UsageError } from './usage.ts';

/** A subcommand: its arguments in, the exit code out. */
type Command = (args: string[]) => Promise<number>;

const commands: Readonly<Record<string, Command>> = { start };

/** Runs the command line and gives back the exit code. */
export async function main(args: string[]): Promise<number> {
  const [first = ''] = args;
  const named = Object.hasOwn(commands, first) ? commands[first] : undefined;
  try {
    if (args.includes('--help') || args.includes('-h')) {
      process.stdout.write(startHelp);
      return 0;
    }
    if (args.includes('--version')) {
      process.stdout.write(`${VERSION}\n`);
      return 0;
    }
    return await (named ? named(args.slice(1)) : start(args));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`agentcore-emulator: ${error.message} (see --help)\n`);
    return 2;
  }
}
