import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { findRunningEmulator } from '../core/emulator/runningEmulator.ts';
import { LOCAL_TARGET } from '../core/project/localTarget.ts';
import { defineCommand, option, type OptionValues } from './command.ts';
import { findOfficialCli } from './findOfficialCli.ts';
import { findProject } from './findProject.ts';
import { url as urlType } from './optionValues.ts';
import { TargetError } from './targetError.ts';
import { LocalTargetError, writeLocalTarget } from './writeLocalTarget.ts';
import { UsageError } from './usageError.ts';

const options = {
  endpoint: option(
    'URL',
    'Emulator to use (default: the one that is running for this project).',
    urlType,
  ),
};

/** The official CLI's commands that reach only AgentCore Runtime, with their aliases. */
const COMMANDS = new Set(['invoke', 'i', 'exec', 'status', 's']);

// The build puts it beside this module's bundle.
const PRELOAD = fileURLToPath(new URL('./officialCliPreload.cjs', import.meta.url));

/** `agentcore-emulator cli`: runs the official CLI against the emulator. */
export const officialCli = defineCommand({
  name: 'cli',
  summary: 'Run the official CLI’s invoke, exec or status against the emulator.',
  description:
    'Runs the official CLI (agentcore, from the npm package @aws/agentcore), unmodified, against the emulator that is running for this project. Example: agentcore-emulator cli -- invoke "12 * 7" --stream',
  arguments: [
    {
      name: 'COMMAND',
      description: 'invoke, exec (also exec --it) or status, with their own arguments.',
    },
  ],
  options,
  isPassThrough: true,
  footer:
    'The emulator is added to agentcore/aws-targets.json as the target "local" with the account 000000000000. Other targets are unchanged, and so is agentcore when you run it directly.',
  run,
});

async function run(
  { endpoint }: OptionValues<typeof options>,
  [command, ...rest]: readonly string[],
): Promise<number> {
  if (command === undefined || !COMMANDS.has(command)) {
    throw new UsageError(
      `The cli command runs only invoke, exec and status of the official CLI, not ${command ?? 'an empty command'}. Other commands need AWS; run agentcore directly.`,
    );
  }
  try {
    const folder = process.cwd();
    const root = findProject(folder);
    if (root === null) {
      throw new LocalTargetError(
        `No agentcore/agentcore.json in ${folder} or its parent folders. Change to a project of the official CLI.`,
      );
    }
    const url = endpoint ?? (await findRunningEmulator(root));
    if (url === null) {
      throw new LocalTargetError(
        `No emulator is running for ${root}. Start one with agentcore-emulator, or pass --endpoint URL.`,
      );
    }
    const program = findOfficialCli(folder, process.env);
    await writeLocalTarget(root, url);
    return await runProgram([program, command, ...targetOption(rest), ...rest], url);
  } catch (error) {
    if (!(error instanceof LocalTargetError || error instanceof TargetError)) throw error;
    process.stderr.write(`agentcore-emulator: ${error.message}\n`);
    return 1;
  }
}

function targetOption(args: readonly string[]): string[] {
  const isChosen = args.some((argument) => /^--target(?:=|$)/.test(argument));
  return isChosen ? [] : ['--target', LOCAL_TARGET];
}

async function runProgram(args: readonly string[], url: string): Promise<number> {
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
  // The terminal sends Ctrl-C to the child as well, which decides how to end.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + constants.signals[signal!];
}
