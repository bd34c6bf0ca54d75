import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../clock.ts';
import type { Logger } from '../../../log.ts';
import type { ProjectAgentSource } from '../../../agentSource.ts';
import type { RuntimeStore } from './runtimeStore.ts';
import { projectArtifact } from './projectArtifact.ts';
import { projectRuntimeId, projectRuntimeName, runtimeArn, type ArnScope } from './names.ts';
import {
  newEndpoint,
  newRuntime,
  retargetEndpoint,
  settleVersion,
  startUpdate,
  type RuntimeEndpoint,
  type RuntimeRecord,
  type VersionSettings,
  type RuntimeVersion,
} from './records.ts';
import { validateSettings } from './validateSettings.ts';

/**
 * Registers the project's agents. Their description in agentcore.json is their newest version.
 * Runtimes of agents that left the project are removed.
 */
export function registerProject(
  sources: readonly ProjectAgentSource[],
  {
    store,
    clock,
    scope,
    logger,
    platformVersion,
  }: {
    store: RuntimeStore;
    clock: Clock;
    scope: ArnScope;
    logger: Logger;
    platformVersion: 'V1' | 'V2';
  },
): void {
  const ids = new Set(sources.map(projectRuntimeId));
  for (const { id, ofProject } of store.runtimes()) {
    if (ofProject && !ids.has(id)) store.remove(id);
  }
  for (const source of sources) {
    // Before the endpoints, which refer to versions.
    const runtime = registerAgent(source);
    store.save(runtime);
    store.save(withProjectEndpoints(runtime, source));
  }

  function registerAgent(agent: ProjectAgentSource): RuntimeRecord {
    const now = clock.now();
    const id = projectRuntimeId(agent);
    // In AWS, V1 is the absence of a platform version.
    const source = pickVersioned({
      ...agent,
      ...(platformVersion === 'V2' && { platformVersion }),
    });
    const arn = runtimeArn(id, scope);
    // The Region is part of the ARN and may have changed.
    const known = store.runtime(id);
    const previous = known && { ...known, arn };
    const newest = previous && store.version(id, previous.newest);
    if (previous && newest && isDeepStrictEqual(newest.source, source)) return previous;
    const identity = { id, arn, name: projectRuntimeName(source), tags: {}, ofProject: true };
    const runtime = previous ? startUpdate(previous, now) : newRuntime(identity, now);
    const settings = buildSettings(id, source, scope);
    warnOfRefusal(source.name, settings);
    const version: RuntimeVersion = {
      runtimeId: id,
      version: runtime.newest,
      createdAt: now,
      lastUpdatedAt: now,
      settings,
      source,
      failure: null,
    };
    store.saveVersion(version);
    if (previous) logger.info(`${source.name} has changed and is now version ${version.version}`);
    return settleVersion(runtime, version, now);
  }

  function warnOfRefusal(name: string, settings: VersionSettings): void {
    try {
      validateSettings(settings);
    } catch (error) {
      logger.warn(`${name} runs here, but AWS would reject it: ${(error as Error).message}`);
    }
  }

  function withProjectEndpoints(
    runtime: RuntimeRecord,
    { name, endpoints = [] }: ProjectAgentSource,
  ): RuntimeRecord {
    const now = clock.now();
    const declared = endpoints.map(({ name: endpoint, version, description }): RuntimeEndpoint => {
      const exists = store.agent(runtime.id, version) !== null;
      const target = exists ? version : runtime.newest;
      if (!exists) {
        const versions = store.versions(runtime.id).map((each) => each.version);
        logger.warn(
          `${name}: Endpoint ${endpoint} pins version ${version}, which does not exist here (existing: ${versions.join(', ')}). It serves version ${target}.`,
        );
      }
      const current = runtime.endpoints.find((each) => each.name === endpoint);
      if (current?.live === target && current.description === description) {
        return { ...current, ofProject: true };
      }
      const next = current
        ? retargetEndpoint(current, target, now)
        : newEndpoint({ name: endpoint, target }, now);
      return { ...next, description, live: target, status: 'READY', ofProject: true };
    });
    const isDeclared = ({ name: endpoint }: RuntimeEndpoint) =>
      declared.some((it) => it.name === endpoint);
    const others = runtime.endpoints.filter((it) => !it.ofProject && !isDeclared(it));
    return { ...runtime, endpoints: [...others, ...declared] };
  }
}

/** Returns the properties that make up a version, as the next start reads them. */
function pickVersioned(source: ProjectAgentSource): ProjectAgentSource {
  const versioned: ProjectAgentSource = {
    kind: source.kind,
    project: source.project,
    name: source.name,
    root: source.root,
    code: source.code,
    entrypoint: source.entrypoint,
    language: source.language,
    runtimeVersion: source.runtimeVersion,
    build: source.build,
    image: source.image,
    protocol: source.protocol,
    environment: source.environment,
    headerAllowlist: source.headerAllowlist,
    allowedPorts: source.allowedPorts,
    authorizer: source.authorizer,
    mounts: source.mounts,
    platformVersion: source.platformVersion,
    lifecycle: source.lifecycle,
  };
  return JSON.parse(JSON.stringify(versioned)) as ProjectAgentSource;
}

/** Returns the settings with which AWS would have created the agent. */
function buildSettings(
  id: string,
  source: ProjectAgentSource,
  { account }: ArnScope,
): VersionSettings {
  const { headerAllowlist, allowedPorts, mounts = [] } = source;
  return {
    // A placeholder role: agents call AWS as the developer.
    roleArn: `arn:aws:iam::${account}:role/agentcore-emulator`,
    agentRuntimeArtifact: projectArtifact(id, source),
    networkConfiguration: { networkMode: 'PUBLIC' },
    protocolConfiguration: { serverProtocol: source.protocol },
    lifecycleConfiguration: source.lifecycle,
    environmentVariables: source.environment,
    platformVersion: source.platformVersion,
    ...(source.authorizer && { authorizerConfiguration: source.authorizer }),
    ...(headerAllowlist.length > 0 && {
      requestHeaderConfiguration: { requestHeaderAllowlist: [...headerAllowlist] },
    }),
    ...(allowedPorts && { allowedPorts: allowedPorts.map((portRange) => ({ portRange })) }),
    ...(mounts.length > 0 && {
      filesystemConfigurations: mounts.map((mountPath) => ({ sessionStorage: { mountPath } })),
    }),
  };
}
