import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../clock.ts';
import type { Logger } from '../../../log.ts';
import type { AgentSource } from '../agents.ts';
import type { RuntimeStore } from './runtimeStore.ts';
import { newId } from '../../../wire/newId.ts';
import { projectArtifact } from './projectArtifact.ts';
import { projectRuntimeId, projectRuntimeName, runtimeArn, type ArnScope } from './names.ts';
import {
  newEndpoint,
  newRuntime,
  DEFAULT_ENDPOINT,
  retargetEndpoint,
  settleVersion,
  startUpdate,
  type RuntimeEndpoint,
  type RuntimeRecord,
  type VersionSettings,
  type RuntimeVersion,
} from './records.ts';

/**
 * Registers the project's agents. Their description in agentcore.json is their newest version.
 * Runtimes of agents that left the project are removed.
 */
export function registerProject(
  sources: readonly AgentSource[],
  {
    catalogue,
    clock,
    place,
    logger,
  }: { catalogue: RuntimeStore; clock: Clock; place: ArnScope; logger: Logger },
): void {
  const ids = new Set(sources.map(projectRuntimeId));
  for (const { id, ofProject } of catalogue.runtimes()) {
    if (ofProject && !ids.has(id)) catalogue.remove(id);
  }
  for (const source of sources) {
    // Before the endpoints, which refer to versions.
    const runtime = registerAgent(source);
    catalogue.save(runtime);
    catalogue.save(withProjectEndpoints(runtime, source));
  }

  function registerAgent(given: AgentSource): RuntimeRecord {
    const now = clock.now();
    const id = projectRuntimeId(given);
    const source = versionedOf(given);
    const arn = runtimeArn(id, place);
    // The Region is part of the ARN and may have changed.
    const known = catalogue.runtime(id);
    const before = known && { ...known, arn };
    const newest = before && catalogue.version(id, before.newest);
    if (before && newest && isDeepStrictEqual(newest.source, source)) return before;
    const born = { id, arn, name: projectRuntimeName(source), tags: {}, ofProject: true };
    const runtime = before
      ? startUpdate(before, now)
      : newRuntime(born, newId(DEFAULT_ENDPOINT), now);
    const version: RuntimeVersion = {
      runtimeId: id,
      version: runtime.newest,
      createdAt: now,
      settings: settingsOf(id, source, place),
      source,
      failure: null,
    };
    catalogue.saveVersion(version);
    if (before) logger.info(`${source.name} is not what it was: it is version ${version.version}`);
    return settleVersion(runtime, version, now);
  }

  function withProjectEndpoints(
    runtime: RuntimeRecord,
    { name, endpoints = [] }: AgentSource,
  ): RuntimeRecord {
    const now = clock.now();
    const wanted = endpoints.map(({ name: endpoint, version, description }): RuntimeEndpoint => {
      const isThere = catalogue.agent(runtime.id, version) !== null;
      const target = isThere ? version : runtime.newest;
      if (!isThere) {
        const versions = catalogue.versions(runtime.id).map((each) => each.version);
        logger.warn(
          `${name}: its endpoint ${endpoint} pins version ${version}, and here there is ${versions.join(', ')}: it serves version ${target}`,
        );
      }
      const present = runtime.endpoints.find((each) => each.name === endpoint);
      if (present?.live === target && present.description === description) {
        return { ...present, ofProject: true };
      }
      const next = present
        ? retargetEndpoint(present, target, now)
        : newEndpoint({ name: endpoint, id: newId(endpoint), target }, now);
      return { ...next, description, live: target, status: 'READY', ofProject: true };
    });
    const isWanted = ({ name: endpoint }: RuntimeEndpoint) =>
      wanted.some((it) => it.name === endpoint);
    const others = runtime.endpoints.filter((it) => !it.ofProject && !isWanted(it));
    return { ...runtime, endpoints: [...others, ...wanted] };
  }
}

/** Returns the properties that make up a version, as the next start reads them. */
function versionedOf(source: AgentSource): AgentSource {
  const versioned: AgentSource = {
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
    authorizer: source.authorizer,
    mounts: source.mounts,
    lifecycle: source.lifecycle,
  };
  return JSON.parse(JSON.stringify(versioned)) as AgentSource;
}

/** Returns the settings with which AWS would have created the agent. */
function settingsOf(id: string, source: AgentSource, { account }: ArnScope): VersionSettings {
  const { headerAllowlist, mounts = [] } = source;
  return {
    // A placeholder role: agents call AWS as the developer.
    roleArn: `arn:aws:iam::${account}:role/agentcore-emulator`,
    agentRuntimeArtifact: projectArtifact(id, source),
    networkConfiguration: { networkMode: 'PUBLIC' },
    protocolConfiguration: { serverProtocol: source.protocol },
    lifecycleConfiguration: source.lifecycle,
    environmentVariables: source.environment,
    ...(source.authorizer && { authorizerConfiguration: source.authorizer }),
    ...(headerAllowlist.length > 0 && {
      requestHeaderConfiguration: { requestHeaderAllowlist: [...headerAllowlist] },
    }),
    ...(mounts.length > 0 && {
      filesystemConfigurations: mounts.map((mountPath) => ({ sessionStorage: { mountPath } })),
    }),
  };
}
