import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { MachineStorage, OnOutputLine } from '../../compute/compute.ts';
import { buildEnvironment } from '../../serviceFolds.ts';
import type { Service, ServiceContext } from '../../service.ts';
import { removeFolder } from '../../storage/removal.ts';
import { createReplies } from '../../wire/replies.ts';
import { agentCode, isSnapshotted, type AgentRuntime } from './agents.ts';
import { createAccess, sessionPermissions } from './authorizers/access.ts';
import { createResourceMetadataRoute } from './authorizers/protectedResource.ts';
import { createCodeWatches } from './codeWatches.ts';
import { createRunCommand } from './commands/runCommand.ts';
import { openRuntimeStore } from './deployment/runtimeStore.ts';
import { createDeployment } from './deployment/deployment.ts';
import { createAgents } from './deployment/endpoints.ts';
import { registerProject } from './deployment/projectAgents.ts';
import { createDefaultRuntime } from './defaultRuntime.ts';
import { createInstance, type Instance } from './instance.ts';
import { createInstancePool } from './instancePool.ts';
import { createInvoke } from './invoke.ts';
import { resolveSessionTimeouts } from './sessionTimeouts.ts';
import { createGetAgentCard } from './protocols/agentCard.ts';
import { createProtocolHandler } from './protocols/protocolHandler.ts';
import { protocols } from './protocols/protocols.ts';
import { createPingRoute } from './pingHandler.ts';
import { reloadChangedCode } from './reload.ts';
import { resolveQuotas } from '../../quotas.ts';
import { createRuntimeSessions } from './runtimeSessions.ts';
import { createStartOnce } from './startOnce.ts';
import { createSessionEndpointRoute } from './sessionEndpoints/endpointRoute.ts';
import { createEndpointUrls, describeEndpoint } from './sessionEndpoints/endpointUrls.ts';
import { createSessionStorage } from './sessionStorage.ts';
import { createShells } from './shells/shells.ts';
import { CONTAINER_IS_UNCHECKED } from './snapshotCheck.ts';
import { createTimelines } from './timeline.ts';
import { refuseUnrunnable } from './unrunnable.ts';
import { createWebSocketRoute } from './webSocket.ts';

/** Creates AgentCore Runtime: the operations that deploy and invoke agents, and their sessions. */
export async function createRuntimeService(context: ServiceContext): Promise<Service> {
  const { computes, clock, activity, storage, logger, options, server, region, account } = context;
  const { requireSignature, sessionUrls, services } = context;
  const scope = { region, account };
  const chooseKind = ({ source }: AgentRuntime) => computes.chooseKind(source);
  for (const source of options.agents) refuseUnrunnable(source, context);
  const limits = resolveQuotas(options.limits);
  const { warm = 0, onChange = 'reload', onDisconnect = 'continue' } = options;
  const { pingInterval = 2, pingTimeout = 5 } = options;

  // Only one emulator uses the data folder, so any instance files are from an earlier emulator.
  const folder = join(storage.folder, 'instances');
  await removeFolder(folder);

  const timelines = createTimelines(activity);
  const store = openRuntimeStore(storage, scope.account);
  const { platformVersion = 'V2', allowedPorts } = options;
  const projectAgents = options.agents.map((agent) => ({
    ...agent,
    allowedPorts: agent.allowedPorts ?? allowedPorts,
  }));
  registerProject(projectAgents, { store, clock, scope, logger, platformVersion });
  const agents = createAgents(store);

  const sessionStorage = createSessionStorage({ storage, clock, computes, chooseKind, logger });
  const codeWatches = createCodeWatches({ dataFolder: storage.folder, clock, logger });
  const make = (agent: AgentRuntime, ofMachine: MachineStorage | null) =>
    createInstance(agent, {
      compute: computes[chooseKind(agent)],
      clock,
      pingTimeout: pingTimeout * 1000,
      storage: ofMachine,
      addressVariables: addressVariable(agent, server.localUrl),
      folder: join(folder, agent.id, randomUUID().slice(0, 8)),
      issueUrl,
    });
  const instances = createInstancePool({
    make(agent, ofSession) {
      const instance = make(agent, ofSession);
      codeWatches.start(agent, instance);
      return instance;
    },
    storage: sessionStorage,
    warm: (agent) => (agents.isServed(agent) ? warm : 0),
    logger,
  });
  const endpointUrls = createEndpointUrls();
  const sessions = createRuntimeSessions(
    instances,
    { agents, onChange, maxSessions: limits.sessions },
    {
      clock,
      activity,
      timelines,
      logger,
      timeoutsFor: ({ source }) => resolveSessionTimeouts(source.lifecycle, options),
      pingInterval: pingInterval * 1000,
      storage: sessionStorage,
      describeEndpoint: (session) =>
        describeEndpoint(session, endpointUrls, options.accessKeys !== undefined),
    },
  );
  reloadChangedCode({
    codeWatches,
    sessions,
    instances,
    shouldProbe: (agent) =>
      warm > 0 || (onChange === 'reload' && sessions.listRunning(agent).length > 0),
    logger,
  });

  const access = createAccess({
    agents,
    clock,
    limits,
    requireSignature,
    isSessionOf: (caller, { agent, name }, id) =>
      sessions
        .list()
        .some(
          (session) =>
            session.instance === caller &&
            session.agent.id === agent.id &&
            session.qualifier === name &&
            session.id === id,
        ),
    hasToken: options.token !== undefined,
  });
  const deployment = createDeployment({
    store,
    dataFolder: storage.folder,
    scope,
    clock,
    logger,
    async prepare(id, source) {
      refuseUnrunnable(source, context);
      const agent = { id, arn: '', account: scope.account, version: '', source };
      const onLine: OnOutputLine = (_, text) => logger.info(`${id} | ${text}`);
      return computes[computes.chooseKind(source)].prepare(agentCode(agent), onLine);
    },
    isImageMissing: computes.isImageMissing,
    startOnce: createStartOnce({ make, storage: sessionStorage }),
    onEndpointsChanged(changed) {
      for (const agent of changed) instances.keepWarm(agent);
    },
    retire(agent) {
      instances.retire(agent);
      codeWatches.stop(agent);
    },
    endSessions: sessions.endDeleted,
    removeStorage: sessionStorage.removeFor,
  });

  /** Issues an instance's session URL, with the environment variables that contain it. */
  function issueUrl(instance: Instance, emulatorUrl: string) {
    const { url, revoke } = sessionUrls.issue(instance, emulatorUrl);
    const session = { caller: instance, source: instance.agent.source, url };
    return { environment: buildEnvironment(services, session, region), revoke };
  }

  const protocolHandler = createProtocolHandler(agents);
  const defaultRuntime = createDefaultRuntime(options, agents);
  const replies = createReplies();
  const listAgents = () => agents.summaries(instances.countWarm);

  return {
    name: 'runtime',
    operations: {
      ...deployment.operations,
      InvokeAgentRuntime: {
        handle: createInvoke({
          access,
          sessions,
          clock,
          limits,
          onDisconnect,
          endpointUrls,
          localUrl: server.localUrl,
        }),
      },
      InvokeAgentRuntimeCommand: {
        handle: createRunCommand({ access, sessions, clock, onDisconnect }),
      },
      GetAgentCard: { handle: createGetAgentCard({ access, sessions, clock, limits }) },
      StopRuntimeSession: {
        async handle(input, call) {
          const endpoint = await access.admit(input, call, 'StopRuntimeSession');
          const { runtimeSessionId = '' } = input;
          const { agent, name } = endpoint;
          const scope = `StopRuntimeSession ${agent.id} ${name} ${runtimeSessionId}`;
          return replies.once(scope, input, async () => {
            await sessions.stop(endpoint, runtimeSessionId);
            return { runtimeSessionId, statusCode: 200 };
          });
        },
      },
    },
    sessionOperations: [...sessionPermissions.allowed],
    secretUrlRoutes: [
      createSessionEndpointRoute({
        access,
        sessions,
        urls: endpointUrls,
        clock,
        activity,
        verifiesSignatures: options.accessKeys !== undefined,
      }),
    ],
    routes: [
      createPingRoute(sessions, defaultRuntime.id),
      createResourceMetadataRoute(agents),
      createWebSocketRoute({
        access,
        sessions,
        shells: createShells(limits),
        clock,
        activity,
        limits,
      }),
    ],
    rewriteRequest: (line) =>
      protocolHandler.rewriteProtocolRequest(defaultRuntime.rewriteRequest(line)),
    errorFormat: protocolHandler.errorFormat,
    findTagged: deployment.findTagged,
    admin: async () =>
      (await import('./adminRoutes.ts')).createRuntimeRoutes({ listAgents, sessions, timelines }),
    start() {
      if (options.agents.some((source) => computes.chooseKind(source) === 'container')) {
        void computes.clearLeftovers();
      }
      for (const agent of agents.current()) instances.keepWarm(agent);
      deployment.open();
      for (const { name, arn } of listAgents()) logger.info(`${name} is ${arn}`);
      for (const agent of agents.current()) {
        if (isSnapshotted(agent.source) && chooseKind(agent) === 'container') {
          logger.info(`${agent.source.name}: ${CONTAINER_IS_UNCHECKED}`);
        }
      }
    },
    async drain() {
      await codeWatches.close();
      await Promise.all([sessions.close(), instances.close()]);
      await deployment.close();
    },
  };
}

/** The environment variable with the agent's public address, if its protocol has one. */
function addressVariable({ arn, source }: AgentRuntime, localUrl: string): Record<string, string> {
  const { addressVariable: name } = protocols[source.protocol];
  if (name === undefined) return {};
  return { [name]: `${localUrl}/runtimes/${encodeURIComponent(arn)}/invocations/` };
}
