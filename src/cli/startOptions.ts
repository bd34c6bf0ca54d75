import { platforms } from '../../emulator/index.ts';
import { DEFAULT_MODEL, MODEL_SPEC_FORM } from '../shared/modelSpec.ts';
import { OFFLINE_FAULTS } from '../shared/offlineModel.ts';
import { flag, listOption, option } from './command.ts';
import { choice, decimal, memorySize, text, token, wholeNumber } from './optionValues.ts';
import { modelChoice, modelName } from './modelChoice.ts';
import { offlineModelSettings } from './offlineModel.ts';
import { portRanges } from './portRanges.ts';
import { serviceLimits } from './serviceLimits.ts';

const LONGEST_SECONDS = 1_209_600;

/** The options of `start`. */
export const startOptions = {
  port: option('N', 'Port to listen on. 0 uses any free port.', wholeNumber(0, 65_535), 9310),
  host: option(
    'HOST',
    'Address to listen on. Addresses other than loopback require --token.',
    text,
    '127.0.0.1',
  ),
  token: option(
    'TOKEN',
    'Require this token, as a bearer token or as /@TOKEN at the start of the endpoint path. auto generates one, which is in the URL of the first output line and in ready.json in the data folder, but never in the process list.',
    token,
  ),
  auth: option(
    'MODE',
    'none (default), or sigv4 to verify signatures as AWS does, with the key in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.',
    choice('none', 'sigv4'),
  ),
  credentials: option(
    'FILE',
    'Verify with the keys in this file instead, in the format of ~/.aws/credentials.',
    text,
  ),
  iam: option(
    'FILE',
    'Apply the IAM policies and tags of callers to memory operations: {"callers":[{"accessKeyId":…,"tags":{…},"policies":["FILE"]}]}. A key requires --auth sigv4. "agent" instead of "accessKeyId" means the sessions of that agent.',
    text,
  ),
  data: option(
    'DIR',
    'Folder for the emulator’s state (default: .agentcore in the project).',
    text,
  ),
  ephemeral: flag('Keep no state after the emulator ends.'),
  seed: option(
    'FILE',
    'Import memories at startup from a file in the format of export. Existing records stay unchanged.',
    text,
  ),
  resetClock: flag(
    'Set the clock back to real time at startup. Resources created while it was ahead keep their times.',
  ),
  noProject: flag(
    'Serve no project, only runtimes created with CreateAgentRuntime. State is kept in .agentcore of this folder.',
  ),
  agent: option(
    'NAME',
    'Agent that POST /invocations invokes (default: the first in the project).',
    text,
  ),
  compute: option(
    'KIND',
    'Run all agents in processes or in containers (default auto: containers for agents with build Container).',
    choice('auto', 'process', 'container'),
  ),
  containerCpus: option(
    'N',
    'Processors of each container, such as 1.5 (default 2, as in AWS).',
    decimal(0.01),
  ),
  containerMemory: option(
    'SIZE',
    'Memory of each container, such as 512m (default 8g, as in AWS).',
    memorySize,
  ),
  platform: option(
    'PLATFORM',
    'Platform of images and containers: linux/arm64 (as in AWS) or linux/amd64 (default: the engine’s).',
    choice(...platforms),
  ),
  engine: option(
    'HOST',
    'Container engine, such as unix:///var/run/docker.sock (default: DOCKER_HOST, the current Docker context, or a well-known address).',
    text,
  ),
  idleTimeout: option(
    'SECONDS',
    'Time after which an idle session ends. Overrides the agents’ own settings.',
    wholeNumber(1, LONGEST_SECONDS),
  ),
  maxLifetime: option(
    'SECONDS',
    'Maximum lifetime of a session. Overrides the agents’ own settings.',
    wholeNumber(1, LONGEST_SECONDS),
  ),
  limits: option(
    'LIST',
    'aws (default), off, or your own values for AWS’s limits, such as request=60,rate=5. In seconds: request (900), stream (3600). In bytes: chunk (10000000), frame (65536), header (4096). Per second: frames (250). Off by default: rate (invocations of an agent per second), sessions (active sessions), extraction (tokens per minute that memory extraction reads).',
    serviceLimits,
  ),
  extractionDelay: option(
    'SECONDS',
    'Time from a session’s last event to the extraction of its memory records (default 10).',
    wholeNumber(0, 3600),
  ),
  instantResources: flag(
    'Create and update memories at once (default: they are CREATING or UPDATING for five seconds, as in AWS).',
  ),
  pingInterval: option(
    'SECONDS',
    'Interval between health checks of an agent (default 2).',
    wholeNumber(1, 3600),
  ),
  warm: option(
    'N',
    'Started instances of each agent to keep ready for new sessions (default 0).',
    wholeNumber(0, 100),
  ),
  onChange: option(
    'ACTION',
    'When code changes: reload idle sessions (default), or wait for their next start, as in AWS.',
    choice('reload', 'wait'),
  ),
  onDisconnect: option(
    'ACTION',
    'When a caller disconnects: continue its invocation (default, as in AWS), or abort it.',
    choice('continue', 'abort'),
  ),
  platformVersion: option(
    'VERSION',
    'AWS platform of the project’s agents: V2 (default, as for new runtimes) reports values that sessions would share after a restore from a snapshot, or V1.',
    choice('V1', 'V2'),
  ),
  model: listOption(
    '[AGENT=]MODEL',
    `Backend for the model calls of agents: ${MODEL_SPEC_FORM} (default: ${DEFAULT_MODEL}). With AGENT=, applies to that agent only; repeat the option for several agents.`,
    modelChoice,
  ),
  modelTokens: option(
    'SOURCE',
    'Tokens for the provider that --model names first (anthropic or openai:URL) instead of the key in the environment: a JSON file {"tokens":[{"name":…,"token":…}]}, or secretsmanager:ID. Requests use one until it is exhausted, and then the next.',
    text,
  ),
  memoryModel: option(
    'MODEL',
    'The model that extracts memory records, named as in --model (default: built-in rules).',
    modelName,
  ),
  memoryEmbeddings: option(
    'MODEL',
    'The model whose embeddings rank memory records, such as ollama:nomic-embed-text (default: ranking by words).',
    modelName,
  ),
  memoryTimeout: option(
    'SECONDS',
    'Timeout of each model call of memory (default 120).',
    wholeNumber(1, 3600),
  ),
  offlineModel: option(
    'LIST',
    `Delays and faults of the offline model, such as latency=200,rate=30,fault=throttling: milliseconds before each reply, tokens per second, and a failure of every call (${OFFLINE_FAULTS.join(', ')}).`,
    offlineModelSettings,
  ),
  allowedPorts: option(
    'LIST',
    'Ports of the project’s agents that session endpoints reach, and that the chat opens as previews, such as 9000 or 8000-8010,9000. agentcore.json has no field for them.',
    portRanges,
  ),
  endWithStdin: flag('End when standard input closes. For programs that start the emulator.'),
  logFormat: option(
    'FORMAT',
    'Log format on standard error: text or json.',
    choice('text', 'json'),
    'text',
  ),
} as const;
