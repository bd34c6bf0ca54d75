import { randomUUID } from 'node:crypto';
import { mkdtempSync, realpathSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { AgentSummary, ClockReading } from '../src/shared/emulator.ts';
import { createClock } from './clock.ts';
import { chooseComputes } from './compute/choice.ts';
import {
  createContainerCompute,
  createEngineFinder,
  type EngineFinder,
} from './compute/container/container.ts';
import type { MachineStorage } from './compute/compute.ts';
import { createProcessCompute } from './compute/process/process.ts';
import { createConsole } from './console/console.ts';
import { createPageDoor } from './console/page.ts';
import { createEvents } from './events.ts';
import { admit, isLoopback, type Admission, type Door } from './http/admission.ts';
import { createAddresses } from './http/addresses.ts';
import { openPort, type Port } from './http/port.ts';
import type { Logger } from './log.ts';
import { OptionError, type EmulatorOptions } from './options.ts';
import { createAgents, type AgentRuntime, type AgentSource } from './runtime/agents.ts';
import { contractPorts } from './runtime/contract.ts';
import { limitsOf } from './runtime/limits.ts';
import { runtimeOperations } from './runtime/runtime.ts';
import { watchCode } from './runtime/codeWatch.ts';
import { createInstance, type Instance } from './runtime/instance.ts';
import { createInstances } from './runtime/instances.ts';
import { createReload } from './runtime/reload.ts';
import { createSessions } from './runtime/sessions.ts';
import { createSessionStorage } from './runtime/sessionStorage.ts';
import { timestamp } from './runtime/timeline.ts';
import { removeFolder } from './storage/removal.ts';
import { openStorage } from './storage/storage.ts';
import { accessDenied } from './wire/errors.ts';
import { writeError } from './wire/response.ts';
import { createWire } from './wire/wire.ts';

/** A local AgentCore that runs. */
export interface Emulator {
  /** The endpoint to give to an AWS SDK. */
  readonly url: string;
  readonly agents: readonly AgentSummary[];
  /** Ends every session and the port; nothing that it started is left. */
  close(): Promise<void>;
}

/** AWS's own account for examples; a local ARN needs twelve digits. */
const ACCOUNT = '000000000000';

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Starts a local AgentCore: it serves when the promise resolves. */
export async function createEmulator(options: EmulatorOptions): Promise<Emulator> {
  const {
    host = '127.0.0.1',
    token = null,
    logger = silent,
    region = 'us-east-1',
    version = '0.0.0',
  } = options;
  if (token === null && !isLoopback(host)) {
    throw new OptionError(
      `host: ${host} can be reached from other machines; protect it with --token T, or bind to 127.0.0.1`,
    );
  }
  if ((options.idleTimeout ?? 0) > (options.maxLifetime ?? Infinity)) {
    throw new OptionError(
      `idle-timeout: ${options.idleTimeout} s is more than the ${options.maxLifetime} s of max-lifetime; a session cannot idle longer than it lives`,
    );
  }
  const kindOf = chooseComputes(options.compute, options.agents);
  const inProcesses = options.agents.filter((source) => kindOf.get(source) === 'process');
  const engine = createEngineFinder(options.engine);
  if (options.compute === 'container') await demandContainers(engine);
  const agents = createAgents(options.agents, { region, account: ACCOUNT });
  const defaultAgent = findDefault(agents.all, options.defaultAgent);
  refuseContractPort(options.port, inProcesses);

  const ephemeral = options.dataFolder === undefined;
  const storage = openStorage(options.dataFolder ?? mkdtempSync(join(tmpdir(), 'agentcore-')));
  const clock = createClock({
    offset: Number(storage.read('clock.offset') ?? 0),
    notBefore: Number(storage.read('clock.latest') ?? 0),
    onError: (error) => logger.error(`what fell due: ${error.stack}`),
  });
  const startedAt = clock.now();
  const events = createEvents();
  const addresses = createAddresses<Instance>();

  // We hold the folder, so whatever instances are in it belong to an emulator that is gone.
  const instancesFolder = join(storage.folder, 'instances');
  await removeFolder(instancesFolder);
  let url = '';
  let machinesUrl = '';
  const processes = createProcessCompute({
    dataFolder: storage.folder,
    emulatorUrl: () => machinesUrl,
    logger,
  });
  const containers = createContainerCompute({
    dataFolder: realpathSync(storage.folder),
    options: options.container ?? {},
    findEngine: engine.find,
    ownPort: () => port.number,
    openDoor: (address) => openContainerDoor(address),
    keepsStorage: !ephemeral,
    isStorageKnown: (id) => sessionStorage.isKnown(id),
    logger,
  });
  const computes = { process: processes, container: containers };
  const kindOfAgent = ({ source }: AgentRuntime) => kindOf.get(source)!;
  const sessionStorage = createSessionStorage({
    storage,
    clock,
    computes,
    kindOf: kindOfAgent,
    logger,
  });
  const makeInstance = (agent: AgentRuntime, ofSession: MachineStorage | null) =>
    createInstance(agent, {
      compute: computes[kindOfAgent(agent)],
      clock,
      storage: ofSession,
      folder: join(instancesFolder, agent.id, randomUUID().slice(0, 8)),
      admit(instance, emulatorUrl) {
        const address = addresses.issue(instance);
        return {
          environment: endpointVariables(`${emulatorUrl}/@${address}`, region),
          revoke: () => addresses.revoke(address),
        };
      },
    });
  const { warm = 0, onChange = 'reload' } = options;
  const instances = createInstances({
    make(agent, ofSession) {
      reload.follow(agent);
      return makeInstance(agent, ofSession);
    },
    storage: sessionStorage,
    warm,
    logger,
  });
  const sessions = createSessions(instances, onChange, {
    clock,
    events,
    logger,
    limitsOf: ({ source }) => limitsOf(source.lifecycle, options),
    pingInterval: (options.pingInterval ?? 2) * 1000,
    storage: sessionStorage,
  });
  const reload = createReload({
    sessions,
    instances,
    isWanted: (agent) => warm > 0 || (onChange === 'reload' && sessions.live(agent).length > 0),
    watch: (agent, listener) => watchCode(agent, listener, { dataFolder: storage.folder, logger }),
    logger,
  });

  const emulations = {
    ...runtimeOperations({
      agents,
      sessions,
      onDisconnect: options.onDisconnect ?? 'continue',
    }),
  };
  const wire = createWire<Instance | null>({
    emulations,
    logger,
    observe(outcome, caller) {
      caller?.record({ type: 'call', ...outcome });
    },
  });

  const readClock = (): ClockReading => ({
    now: timestamp(clock.now()),
    realNow: timestamp(clock.realNow()),
    offsetSeconds: clock.offset() / 1000,
  });
  const listAgents = () => agents.summaries(instances.warmth);
  const console = createConsole({
    listAgents,
    sessions,
    events,
    logger,
    emulations,
    readClock,
    async advanceClock(seconds) {
      await clock.advance(seconds * 1000);
      saveClock();
      events.publish(() => ({ type: 'clock', clock: readClock() }));
    },
    health: async () => ({
      status: 'ready',
      version,
      url,
      pid: process.pid,
      uptimeSeconds: (clock.now() - startedAt) / 1000,
      compute: { process: 'available', container: await engine.availability() },
    }),
  });

  function saveClock(): void {
    storage.write('clock.offset', String(clock.offset()));
    storage.write('clock.latest', String(clock.now()));
  }

  const page = options.page && createPageDoor(options.page);

  function admitRequest(door: Door, { url = '/', headers }: IncomingMessage): Admission<Instance> {
    return admit(
      {
        path: url,
        host: headers[':authority']?.toString() ?? headers.host,
        origin: headers.origin,
        authorization: headers.authorization,
      },
      { door, token, holderOf: addresses.holderOf },
    );
  }

  // The way of every request: who is it, then the admin API, the page or AWS's wire. What a session
  // sends by its address never reaches the first two.
  const receiveBy = (door: Door) => (request: IncomingMessage, response: ServerResponse) => {
    const admission = admitRequest(door, request);
    if (!admission.admitted) {
      request.resume();
      return writeError(accessDenied(admission.why), response, randomUUID());
    }
    const { path, holder } = admission;
    if (holder === null && path.startsWith('/_emulator/')) console.handle(request, response, path);
    else if (holder === null && page?.has(path)) void page.serve(request, response, path);
    else void wire.handle(request, response, defaultPath(path), holder);
  };

  function receiveUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const admission = admitRequest('loopback', request);
    if (!admission.admitted || admission.holder !== null) return false;
    if (!page?.hasSocket(admission.path)) return false;
    void page.upgrade(request, socket, head);
    return true;
  }

  // What curl users and the SDK's own dev server call; AWS's wire has it as an operation.
  function defaultPath(path: string): string {
    if (!defaultAgent || !/^\/invocations(?:\?|$)/.test(path)) return path;
    return `/runtimes/${defaultAgent.id}${path}`;
  }

  const port = await openPort(
    { host, port: options.port ?? 9310 },
    { onRequest: receiveBy('loopback'), onUpgrade: receiveUpgrade },
  ).catch(async (error) => {
    await release();
    throw error;
  });
  url = `http://${urlName(host)}:${port.number}${token === null ? '' : `/@${token}`}`;
  // Sessions have addresses of their own; the operator's token is none of their business.
  machinesUrl = `http://${urlName(reachable[host] ?? host)}:${port.number}`;

  storage.announce({ type: 'ready', url, pid: process.pid });

  async function release(): Promise<void> {
    clock.close();
    storage.close();
    if (ephemeral) await removeFolder(storage.folder);
  }

  // The number that the developer knows, if it is free at that address too.
  async function openContainerDoor(address: string): Promise<Port> {
    const listeners = { onRequest: receiveBy('containers') };
    return openPort({ host: address, port: port.number }, listeners).catch(() =>
      openPort({ host: address, port: 0 }, listeners),
    );
  }

  if (inProcesses.length < options.agents.length) void containers.clearLeftovers();
  for (const agent of agents.all) instances.keepWarm(agent);

  async function close(): Promise<void> {
    await reload.close();
    // Together: from now on container engines have a limited time for all that is to end.
    await Promise.all([sessions.close(), instances.close(), containers.close()]);
    await processes.close();
    await port.close();
    saveClock();
    await release();
  }
  let closing: Promise<void> | undefined;
  return { url, agents: listAgents(), close: () => (closing ??= close()) };
}

/** Who listens everywhere is reached from this machine by loopback. */
const reachable: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

function urlName(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

// An agent believes that this port is its own, so what it sent here would come back to itself.
function refuseContractPort(port: number | undefined, sources: readonly AgentSource[]): void {
  const agent = sources.find(({ protocol }) => contractPorts[protocol] === port);
  if (!agent) return;
  throw new OptionError(
    `port: ${port} is the one that ${agent.name} listens on by AgentCore's contract; choose another`,
  );
}

async function demandContainers({ find }: EngineFinder): Promise<void> {
  await find().catch((error: Error) => {
    throw new OptionError(`compute: container: ${error.message}`);
  });
}

function findDefault(
  agents: readonly AgentRuntime[],
  name: string | undefined,
): AgentRuntime | undefined {
  if (name === undefined) return agents[0];
  const found = agents.find(({ source }) => source.name === name);
  if (found) return found;
  const known = agents.map(({ source }) => source.name).join(', ');
  throw new OptionError(`agent: there is no agent '${name}'; the project has ${known}`);
}

// By the variables that every AWS SDK reads, and by no other: a global endpoint would lead calls to
// S3 or STS here, and the Python SDK refuses its own variable for anything but AWS's hosts.
function endpointVariables(endpoint: string, region: string): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL_BEDROCK_AGENTCORE: endpoint,
    AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL: endpoint,
  };
}
