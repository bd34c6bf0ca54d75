import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { findRunningEmulator } from '../core/emulator/runningEmulator.ts';
import { LOCAL_TARGET } from '../core/project/localTarget.ts';
import { TargetError } from './findTarget.ts';
import { findOfficialCli } from './findOfficialCli.ts';
import { LocalTargetError, projectAbove, writeLocalTarget } from './writeLocalTarget.ts';
import { UsageError } from './usage.ts';

const help = `Usage: agentcore-emulator cli [--endpoint URL] [--] COMMAND [arguments]

Runs the official CLI (agentcore, from the npm package @aws/agentcore), unmodified, against the
emulator that runs for this project, as in: agentcore-emulator cli -- invoke "12 * 7" --stream

  COMMAND          invoke, exec (also exec --it) or status, with their own arguments
  --endpoint URL   the emulator (default: the one that runs for this project)

The emulator stands in the project's agentcore/aws-targets.json as a target of its own, "local", with
the account 000000000000. Other targets stay as they are, and so does agentcore when it is run by itself.
`;

/** The commands that reach nothing but AgentCore Runtime, by all their names. */
const COMMANDS = new Set(['invoke', 'i', 'exec', 'status', 's']);

/** Beside the bundle that this is part of. */
const PRELOAD = fileURLToPath(new URL('./officialCli.cjs', import.meta.url));

/** `agentcore-emulator cli`: the official CLI, led to the emulator. */
export async function cli(args: string[]): Promise<number> {
  const [own, [command, ...rest]] = divide(args);
  if (command === '--help' || command === '-h') {
    process.stdout.write(help);
    return 0;
  }
  if (command === undefined || !COMMANDS.has(command)) {
    throw new UsageError(
      `cli runs invoke, exec and status of the official CLI, not ${command ?? 'nothing'}; the others need AWS, so run agentcore itself`,
    );
  }
  try {
    const root = projectAbove(process.cwd());
    const url = own.endpoint ?? (await findRunningEmulator(root));
    if (url === null) {
      throw new LocalTargetError(
        `no emulator runs for ${root}; start one with agentcore-emulator, or name one with --endpoint URL`,
      );
    }
    const program = findOfficialCli(process.cwd(), process.env);
    await writeLocalTarget(root, url);
    return await run([program, command, ...target(rest), ...rest], url);
  } catch (error) {
    if (!(error instanceof LocalTargetError || error instanceof TargetError)) throw error;
    process.stderr.write(`agentcore-emulator: ${error.message}\n`);
    return 1;
  }
}

/** Our own options, which come first, and the official CLI's command line. */
function divide(args: readonly string[]): [{ endpoint?: string }, readonly string[]] {
  const [first, second, ...rest] = args;
  if (first === '--endpoint' && second !== undefined) {
    return [{ endpoint: second.replace(/\/+$/, '') }, rest[0] === '--' ? rest.slice(1) : rest];
  }
  return [{}, first === '--' ? args.slice(1) : args];
}

function target(args: readonly string[]): string[] {
  const isChosen = args.some((argument) => /^--target(?:=|$)/.test(argument));
  return isChosen ? [] : ['--target', LOCAL_TARGET];
}

async function run(args: readonly string[], url: string): Promise<number> {
  const child = spawn(process.execPath, ['--require', PRELOAD, ...args], {
    stdio: 'inherit',
    env: {
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      ...process.env,
      AGENTCORE_EMULATOR_URL: url,
      AWS_ENDPOINT_URL_BEDROCK_AGENTCORE: url,
      AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL: url,
    },
  });
  // By Ctrl-C the terminal tells it, too; how it ends is for it to say.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + constants.signals[signal!];
}
