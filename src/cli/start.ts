import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createEmulator, type Emulator } from '../../emulator/emulator.ts';
import { platforms } from '../../emulator/compute/container/container.ts';
import { whoHolds } from '../../emulator/compute/portHolder.ts';
import { isLoopback } from '../../emulator/http/admission.ts';
import { OptionError } from '../../emulator/options.ts';
import { StorageError } from '../../emulator/storage/storage.ts';
import { readProject, ProjectError, type Project } from '../core/project/project.ts';
import {
  CONVERSATIONS_FOLDER,
  DATA_FOLDER,
  withoutToken,
  type ReadyMessage,
} from '../shared/emulator.ts';
import type { ChatPage } from './chatPage.ts';
import { readAccessKeys } from './accessKeys.ts';
import { readLimits } from './limits.ts';
import { createLogger } from './logger.ts';
import { untilAskedToEnd } from './untilAskedToEnd.ts';
import { amount, megabytes, oneOf, UsageError, wholeNumber } from './usage.ts';

const DEFAULT_PORT = 9310;

/** What `--help` prints. */
const help = `Usage: agentcore-emulator [start] [PROJECT_DIR] [options]

Runs a local Amazon Bedrock AgentCore for the agents of a project (default: this folder).
The first line on standard output is {"type":"ready","url":…,"pid":…}.

Other commands, each with a --help of its own:
  invoke AGENT PAYLOAD   send a prompt to an agent of a running emulator, or in AWS
  export, import         take memories out as lines of JSON, and in
  cli -- COMMAND …       run the official CLI's invoke, exec or status against it

  --port N               the port (default ${DEFAULT_PORT}; 0 takes any free one)
  --host H               the address to listen on (default 127.0.0.1; others need --token)
  --token T              require this token: as bearer, or /@T as base path of the endpoint;
                         auto generates one, which is in the first line's URL and in
                         ready.json of the data folder, and not in the process list
  --auth HOW             none (default) or sigv4: verify signatures as AWS does, by the key in
                         AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN
  --credentials FILE     by the keys of this file instead, which is like ~/.aws/credentials
  --iam FILE             the IAM policies and tags of callers, obeyed where memories are used:
                         {"callers":[{"accessKeyId":…,"tags":{…},"policies":["FILE"]}]}; a key
                         wants --auth sigv4, an "agent" instead of it is a session's
  --data DIR             where state is kept (default: .agentcore in the project)
  --ephemeral            keep nothing
  --seed FILE            remember the lines of this file, as export writes them, from the start;
                         what is there already stays as it is
  --no-project           serve no project, but what is deployed by CreateAgentRuntime; state is kept
                         in .agentcore of this folder
  --agent NAME           the agent that POST /invocations reaches (default: the first)
  --compute WHAT         auto (default: containers for agents that are built as such), process
                         or container, for all agents
  --container-cpus N     processors of each container (default 2, as AWS; 1.5 is fine)
  --container-memory M   memory of each container, such as 512m (default 8g, as AWS)
  --platform P           linux/arm64 (as AWS) or linux/amd64, for images and containers
                         (default: the engine's own)
  --engine HOST          the container engine, as unix:///var/run/docker.sock (default: DOCKER_HOST,
                         the chosen docker context, or where engines listen by themselves)
  --idle-timeout S       end idle sessions after S seconds, whatever the agents say
  --max-lifetime S       end sessions S seconds after their start, whatever the agents say
  --limits LIST          aws (default), off, or some of AWS's limits as you want them, such as
                         request=60,rate=5: request and stream in seconds (900, 3600), chunk,
                         frame and header in bytes (10000000, 65536, 4096), frames a second
                         (250); and, off by default, rate (calls of an agent a second),
                         sessions (active at a time) and extraction (tokens a minute of which
                         memories make records)
  --extraction-delay S   make records S seconds after a session's last event (default 10)
  --ping-interval S      ask agents for their health every S seconds (default 2)
  --warm N               keep N machines of each agent ready for the next sessions (default 0)
  --on-change WHAT       reload (default): idle sessions go on with changed code, if it starts;
                         or wait for their next life, as in AWS
  --on-disconnect WHAT   continue (default, as AWS) or abort an invocation whose caller left
  --end-with-stdin       end when standard input closes: for a program that starts this one
  --log-format FORMAT    text (default) or json, on standard error
  -h, --help, --version

An option that is given twice counts as it was given last.
`;

const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  token: { type: 'string' },
  auth: { type: 'string' },
  credentials: { type: 'string' },
  iam: { type: 'string' },
  data: { type: 'string' },
  ephemeral: { type: 'boolean' },
  seed: { type: 'string' },
  'no-project': { type: 'boolean' },
  agent: { type: 'string' },
  compute: { type: 'string' },
  'container-cpus': { type: 'string' },
  'container-memory': { type: 'string' },
  platform: { type: 'string' },
  engine: { type: 'string' },
  'idle-timeout': { type: 'string' },
  'max-lifetime': { type: 'string' },
  limits: { type: 'string' },
  'extraction-delay': { type: 'string' },
  'ping-interval': { type: 'string' },
  warm: { type: 'string' },
  'on-change': { type: 'string' },
  'on-disconnect': { type: 'string' },
  'end-with-stdin': { type: 'boolean' },
  'log-format': { type: 'string' },
} as const;

const NO_PROJECT: Project = { name: '', root: '.', agents: [], memories: [] };

/** `agentcore-emulator start`: runs until it is told to end. */
export async function start(args: string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    return 0;
  }
  if (args.includes('--version')) {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const { values, positionals } = parse(args);
  const logger = createLogger(
    oneOf('log-format', values['log-format'], ['text', 'json']) ?? 'text',
  );
  const port = wholeNumber('port', values.port, { min: 0, max: 65_535 }) ?? DEFAULT_PORT;
  const host = values.host ?? '127.0.0.1';
  const duration = { min: 1, max: 1_209_600 };
  const settings = {
    compute: oneOf('compute', values.compute, ['auto', 'process', 'container']),
    container: {
      processors: amount('container-cpus', values['container-cpus'], { min: 0.01 }),
      memoryMegabytes: megabytes('container-memory', values['container-memory']),
      platform: oneOf('platform', values.platform, platforms),
    },
    engine: values.engine,
    idleTimeout: wholeNumber('idle-timeout', values['idle-timeout'], duration),
    maxLifetime: wholeNumber('max-lifetime', values['max-lifetime'], duration),
    limits: readLimits(values.limits),
    extractionDelay: wholeNumber('extraction-delay', values['extraction-delay'], {
      min: 0,
      max: 3600,
    }),
    pingInterval: wholeNumber('ping-interval', values['ping-interval'], { min: 1, max: 3600 }),
    warm: wholeNumber('warm', values.warm, { min: 0, max: 100 }),
    onChange: oneOf('on-change', values['on-change'], ['reload', 'wait']),
    onDisconnect: oneOf('on-disconnect', values['on-disconnect'], ['continue', 'abort']),
  };
  const verifies = oneOf('auth', values.auth, ['none', 'sigv4']) === 'sigv4';
  const accessKeys = verifies ? await readAccessKeys(values.credentials, process.env) : undefined;
  const callers =
    values.iam === undefined ? [] : (await import('./callers.ts')).readCallers(values.iam);
  const ended = untilAskedToEnd({ endWithStdin: values['end-with-stdin'] ?? false });
  // Other users of the machine read nothing that the emulator or an agent writes.
  process.umask(0o077);

  let emulator: Emulator;
  let project: Project = NO_PROJECT;
  let page: Promise<ChatPage> | undefined;
  try {
    if (!values['no-project']) project = await readProject(positionals[0] ?? '.');
    const dataFolder = values.ephemeral
      ? undefined
      : (values.data ?? join(project.root, DATA_FOLDER));
    emulator = await createEmulator({
      ...settings,
      agents: project.agents.map((agent) => ({
        ...agent,
        project: project.name,
        root: project.root,
      })),
      memories: project.memories.map((memory) => ({
        ...memory,
        project: project.name,
        root: project.root,
      })),
      dataFolder,
      seed: values.seed,
      port,
      host,
      token: values.token === 'auto' ? randomBytes(18).toString('base64url') : values.token,
      accessKeys,
      callers,
      defaultAgent: values.agent,
      region: process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'],
      version: VERSION,
      logger,
      page: () =>
        (page ??= import('./chatPage.ts').then(({ openChatPage }) =>
          openChatPage({
            url: emulator.url,
            key: accessKeys?.[0],
            folder: dataFolder === undefined ? null : join(dataFolder, CONVERSATIONS_FOLDER),
            // Who else reaches the emulator is not to act with this developer's credentials.
            reachesAws: isLoopback(host),
            logger,
          }),
        )),
    });
  } catch (error) {
    const problem = await explain(error, host, port);
    if (problem === null) throw error;
    process.stderr.write(`agentcore-emulator: ${problem}\n`);
    return 1;
  }

  const ready: ReadyMessage = { type: 'ready', url: emulator.url, pid: process.pid };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  logger.info(`the local AgentCore serves at ${withoutToken(emulator.url)}`);
  for (const { name, arn } of emulator.agents) logger.info(`${name} is ${arn}`);
  for (const { name, warnings } of project.agents) {
    for (const what of warnings) logger.warn(`${name}: ${what}`);
  }
  logger.info(`${await ended}: ending all sessions`);
  await emulator.close();
  await (await page)?.close();
  return 0;
}

function parse(args: string[]) {
  try {
    const parsed = parseArgs({ args, options, allowPositionals: true });
    if (parsed.positionals.length > 1) {
      throw new UsageError(`one project folder at a time, not ${parsed.positionals.join(' and ')}`);
    }
    if (parsed.values.credentials !== undefined && parsed.values.auth !== 'sigv4') {
      throw new UsageError('--credentials is of use with --auth sigv4 only');
    }
    if (parsed.positionals.length > 0 && parsed.values['no-project']) {
      throw new UsageError(
        `--no-project and the project ${parsed.positionals[0]} exclude each other`,
      );
    }
    if (parsed.values.data !== undefined && parsed.values.ephemeral) {
      throw new UsageError('--data and --ephemeral exclude each other');
    }
    return parsed;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // Node's own sentences name the option; the hint after them speaks of something else.
    throw new UsageError((error as Error).message.split('. ')[0] ?? '');
  }
}

async function explain(error: unknown, host: string, port: number): Promise<string | null> {
  if (error instanceof ProjectError || error instanceof StorageError) return error.message;
  if (error instanceof OptionError) return error.message;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return null;
  if (code === 'EADDRINUSE') {
    return `port ${port} is taken by ${await whoHolds(host, port)}. End that, or choose another with --port N (--port 0 takes any free one)`;
  }
  if (code === 'EACCES') return `port ${port} needs rights that you do not have; choose --port N`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `--host ${host} is no address of this machine`;
  }
  return null;
}
