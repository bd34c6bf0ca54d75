import type { Clock } from '../../../clock.ts';
import type { Logger } from '../../../log.ts';
import type { Handlers } from '../../../wire/handlers.ts';
import type { FindTagged } from '../../../tags.ts';
import type { AgentRuntime } from '../agents.ts';
import type { Session } from '../session.ts';
import type { StartOnce } from '../startOnce.ts';
import type { RuntimeStore } from './runtimeStore.ts';
import { createCodeStore } from './codeStore.ts';
import { createEndpointOperations } from './endpointOperations.ts';
import type { OperationDependencies } from './operationDependencies.ts';
import { createResourceLookup } from './resourceLookup.ts';
import type { ArnScope } from './names.ts';
import { createPrepareVersion, type PrepareCompute } from './prepareVersion.ts';
import type { RuntimeVersion } from './records.ts';
import { createRemoval } from './removal.ts';
import { createReplies } from '../../../wire/replies.ts';
import { createPolicyOperations } from './policyOperations.ts';
import { createResources, findTaggedResource } from './resources.ts';
import { createRollout } from './rollout.ts';
import { createRuntimeOperations } from './runtimeOperations.ts';

/** The control plane of AgentCore Runtime. */
export interface Deployment {
  readonly operations: Handlers;
  readonly findTagged: FindTagged;
  /** Resumes work that was interrupted when the emulator closed. */
  open(): void;
  /** Cancels pending work. All sessions have ended. */
  close(): Promise<void>;
}

/** Dependencies of the deployment. */
export interface DeploymentDependencies {
  readonly store: RuntimeStore;
  readonly dataFolder: string;
  readonly scope: ArnScope;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly prepare: PrepareCompute;
  readonly startOnce: StartOnce;
  readonly isImageMissing: OperationDependencies['isImageMissing'];
  /** Runs after endpoints start or stop serving these agents. */
  readonly onEndpointsChanged: (agents: readonly AgentRuntime[]) => void;
  /** Releases an agent that no session will run again. */
  readonly retire: (agent: AgentRuntime) => void;
  readonly endSessions: (isAffected: (session: Session) => boolean, cause: string) => Promise<void>;
  readonly removeStorage: (runtimeId: string, version?: string) => Promise<void>;
}

/** Creates the control plane of a runtime store. */
export function createDeployment(dependencies: DeploymentDependencies): Deployment {
  const { store, dataFolder, scope, prepare, startOnce, logger } = dependencies;
  const code = createCodeStore(dataFolder, scope.region);
  for (const version of allVersions()) {
    const { source } = version;
    if (source?.kind !== 'codeBundle') continue;
    const folder = code.currentPath(source.folder);
    if (folder === source.folder) continue;
    store.saveVersion({ ...version, source: { ...source, folder } });
  }
  const rollout = createRollout({
    ...dependencies,
    prepareVersion: createPrepareVersion({
      code,
      store,
      prepare,
      startOnce,
      account: scope.account,
    }),
  });
  const removal = createRemoval(dependencies);
  const find = createResourceLookup(store, scope);
  const resources = createResources(store, find);
  const operationDependencies = {
    ...dependencies,
    find,
    replies: createReplies(),
    rollout,
    removal,
  };

  function allVersions(): RuntimeVersion[] {
    return store.runtimes().flatMap(({ id }) => store.versions(id));
  }

  async function resume(): Promise<void> {
    const versions = allVersions();
    await code
      .keepOnly(
        versions.flatMap(({ source }) => (source?.kind === 'codeBundle' ? source.folder : [])),
      )
      .catch((error: Error) =>
        logger.warn(`Unused deployed code could not be removed: ${error.message}`),
      );
    for (const runtime of store.runtimes()) {
      if (runtime.status === 'DELETING') removal.removeRuntime(runtime);
    }
    for (const version of versions) {
      if (version.source === null && version.failure === null) rollout.begin(version);
    }
  }

  let resuming = Promise.resolve();
  return {
    operations: {
      ...createRuntimeOperations(operationDependencies),
      ...createEndpointOperations(operationDependencies),
      ...createPolicyOperations({ ...dependencies, resources }),
    },
    findTagged: findTaggedResource(resources),
    open() {
      resuming = resume().catch((error: Error) =>
        logger.error(`Interrupted deployments could not be resumed: ${error.stack}`),
      );
    },
    async close() {
      await resuming;
      await Promise.all([rollout.close(), removal.close()]);
    },
  };
}
