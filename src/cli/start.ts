import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  createEmulator,
  findPortHolder,
  OptionError,
  StorageError,
  type Emulator,
  type EmulatorOptions,
} from '../../emulator/index.ts';
import { readProject, ProjectError } from '../core/project/project.ts';
import type { Project, ProjectAgent } from '../core/project/runProjection.ts';
import { formatClockOffset } from '../shared/clockOffset.ts';
import { isLoopback } from '../shared/loopback.ts';
import { DEFAULT_MODEL } from '../shared/modelSpec.ts';
import {
  CONVERSATIONS_FOLDER,
  DATA_FOLDER,
  withoutToken,
  type ReadyMessage,
} from '../shared/emulator.ts';
import { readAccessKeys } from './accessKeys.ts';
import { defineCommand, flagName, type OptionValues } from './command.ts';
import { curlCommand } from './curlCommand.ts';
import { findProject } from './findProject.ts';
import { createLogger } from './logger.ts';
import { waitForShutdown } from './shutdown.ts';
import { startOptions } from './startOptions.ts';
import { UsageError } from './usageError.ts';

const NO_PROJECT: Project = { name: '', root: '.', agents: [], memories: [], warnings: [] };

/** Options that have another name on the command line than in the emulator. */
const OPTION_FLAGS: Readonly<Record<string, string>> = {
  callers: '--iam',
  dataFolder: '--data',
  defaultAgent: '--agent',
};

/** `agentcore-emulator start`: runs the emulator until it is asked to end. */
export const start = defineCommand({
  name: 'start',
  summary: 'Run a local AgentCore.',
  description:
    'Runs a local Amazon Bedrock AgentCore for the agents of a project. The first line on standard output is {"type":"ready","url":…,"pid":…}; everything else is on standard error.',
  arguments: [
    {
      name: 'PROJECT_DIR',
      isOptional: true,
      description:
        'Folder with agentcore/agentcore.json (default: this folder, or the nearest parent folder with one).',
    },
  ],
  options: startOptions,
  conflicts: [['data', 'ephemeral']],
  footer: 'If you repeat an option other than --model, the last value applies.',
  run,
});

type StartValues = OptionValues<typeof startOptions>;

async function run(values: StartValues, [folder]: readonly string[]): Promise<number> {
  if (values.credentials !== undefined && values.auth !== 'sigv4') {
    throw new UsageError('--credentials requires --auth sigv4.');
  }
  if (folder !== undefined && values.noProject) {
    throw new UsageError(`--no-project and the project folder '${folder}' cannot be combined.`);
  }
  const accessKeys =
    values.auth === 'sigv4' ? await readAccessKeys(values.credentials, process.env) : undefined;
  const callers =
    values.iam === undefined ? [] : (await import('./iamCallers.ts')).readCallers(values.iam);
  const logger = createLogger(values.logFormat);
  const shutdown = waitForShutdown(values);
  // Keeps the files that the emulator and agents write private to this user.
  process.umask(0o077);

  let emulator: Emulator;
  let project: Project = NO_PROJECT;
  try {
    if (!values.noProject) project = await readProject(folder ?? projectAround(process.cwd()));
    const dataFolder = values.ephemeral
      ? undefined
      : (values.data ?? join(project.root, DATA_FOLDER));
    emulator = await createEmulator({
      ...values,
      ...modelOptions(values.model),
      container: {
        processors: values.containerCpus,
        memoryMegabytes: values.containerMemory,
        platform: values.platform,
      },
      agents: project.agents.map((agent) => ({
        ...agent,
        kind: 'project' as const,
        project: project.name,
        root: project.root,
      })),
      memories: project.memories.map((memory) => ({
        ...memory,
        project: project.name,
        root: project.root,
      })),
      dataFolder,
      token: values.token === 'auto' ? randomBytes(18).toString('base64url') : values.token,
      accessKeys,
      callers,
      defaultAgent: values.agent,
      region: process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'],
      version: VERSION,
      logger,
      async page(url) {
        const { openChatPage } = await import('./chatPage.ts');
        return openChatPage({
          url,
          key: accessKeys?.[0],
          folder: dataFolder === undefined ? null : join(dataFolder, CONVERSATIONS_FOLDER),
          awsUnavailable: explainUnavailableAws(values),
          logger,
        });
      },
    });
  } catch (error) {
    const problem = await explain(error, values);
    if (problem === null) throw error;
    for (const line of problem.split('\n')) process.stderr.write(`agentcore-emulator: ${line}\n`);
    return 1;
  }

  const ready: ReadyMessage = { type: 'ready', url: emulator.url, pid: process.pid };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  logger.info(`The local AgentCore is running at ${withoutToken(emulator.url)}.`);
  // With a token, only the URL in the ready message opens the page.
  if (values.token === undefined) {
    logger.info(`Chat in your browser: ${emulator.url}/`);
    const agent = defaultAgent(project, values);
    const call = agent && curlCommand(emulator.url, agent);
    if (call) logger.info(`Call ${agent.name}: ${call}`);
  }
  const ahead = formatClockOffset(emulator.readClock().offsetSeconds);
  if (ahead !== null) {
    logger.warn(
      `Clock is ${ahead} ahead of real time. Run agentcore-emulator start --reset-clock to reset it.`,
    );
  }
  for (const warning of project.warnings) logger.warn(`agentcore.json: ${warning}`);
  for (const { name, warnings } of project.agents) {
    for (const warning of warnings) logger.warn(`${name}: ${warning}`);
  }
  logger.info(`Ending all sessions: ${await shutdown}.`);
  await emulator.close();
  return 0;
}

/** Returns the emulator's options for all agents and for individual agents. The last value of each applies. */
function modelOptions(
  choices: StartValues['model'],
): Required<Pick<EmulatorOptions, 'model' | 'agentModels'>> {
  const ofAll = choices.findLast(({ agent }) => agent === null);
  const ofAgents = choices.flatMap(({ agent, model }) => (agent === null ? [] : [[agent, model]]));
  return { model: ofAll?.model ?? DEFAULT_MODEL, agentModels: Object.fromEntries(ofAgents) };
}

/** Returns the agent that serves `POST /invocations`; undefined if only signed requests reach it. */
function defaultAgent({ agents }: Project, { agent, auth }: StartValues): ProjectAgent | undefined {
  if (auth === 'sigv4') return undefined;
  return agent === undefined ? agents[0] : agents.find(({ name }) => name === agent);
}

/**
 * Returns why the page does not call AWS. Other users of the network, or of this machine without a
 * token, must not act with this developer's credentials.
 */
function explainUnavailableAws({ host, token }: StartValues): string | null {
  if (!isLoopback(host)) {
    return `Agents in AWS are unavailable because other machines can reach this emulator at ${host}, and they would call AWS with your credentials. Start it without --host.`;
  }
  if (token === undefined) {
    return 'Agents in AWS are unavailable because every user of this machine can open this page, and they would call AWS with your credentials. Start the emulator with --token auto, and open the URL that it prints.';
  }
  return null;
}

function projectAround(folder: string): string {
  const root = findProject(folder);
  if (root !== null) return root;
  throw new ProjectError(
    `No agentcore/agentcore.json in ${folder} or its parent folders. Pass the project's folder, or serve no project with --no-project.`,
  );
}

async function explain(error: unknown, { host, port }: StartValues): Promise<string | null> {
  if (error instanceof ProjectError || error instanceof StorageError) return error.message;
  if (error instanceof OptionError) {
    return `${OPTION_FLAGS[error.option] ?? flagName(error.option)}: ${error.problem}`;
  }
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return null;
  if (code === 'EADDRINUSE') {
    return `Port ${port} is in use by ${await findPortHolder(host, port)}. Stop it, or choose another port with --port N (0 uses any free port).`;
  }
  if (code === 'EACCES') {
    return `You do not have permission to use port ${port}. Choose another with --port N.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `--host ${host} is not an address of this machine.`;
  }
  return null;
}
