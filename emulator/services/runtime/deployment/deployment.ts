import type { Clock } from '../../../clock.ts';
import type { Logger } from '../../../log.ts';
import type { Handlers } from '../../../wire/handlers.ts';
import type { FindTagged } from '../../tags/tags.ts';
import type { AgentRuntime } from '../agents.ts';
import type { Session } from '../session.ts';
import type { RuntimeStore } from './runtimeStore.ts';
import { createCodeStore } from './codeStore.ts';
import { createEndpointOperations } from './endpointOperations.ts';
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
  readonly catalogue: RuntimeStore;
  readonly dataFolder: string;
  readonly place: ArnScope;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly prepare: PrepareCompute;
  /** Endpoints now lead to these agents, or no longer do. */
  readonly onServed: (agents: readonly AgentRuntime[]) => void;
  /** Releases an agent that no session will run again. */
  readonly retire: (agent: AgentRuntime) => void;
  readonly endSessions: (isMeant: (session: Session) => boolean, cause: string) => Promise<void>;
  readonly removeStorage: (runtimeId: string, version?: string) => Promise<void>;
}

/** Creates the control plane of a runtime store. */
export function createDeployment(surroundings: DeploymentDependencies): Deployment {
  const { catalogue, dataFolder, place, prepare, logger } = surroundings;
  const code = createCodeStore(dataFolder, place.region);
  for (const version of allVersions()) {
    const { source } = version;
    if (!source?.deployed || source.code === '') continue;
    const here = code.placeOf(source.code);
    if (here === source.code) continue;
    catalogue.saveVersion({ ...version, source: { ...source, root: here, code: here } });
  }
  const rollOut = createRollout({
    ...surroundings,
    obtain: createPrepareVersion({ code, catalogue, prepare }),
  });
  const removal = createRemoval(surroundings);
  const find = createResourceLookup(catalogue);
  const resources = createResources(catalogue, find);
  const inOperations = {
    ...surroundings,
    find,
    replies: createReplies(),
    rollOut,
    removal,
  };

  function allVersions(): RuntimeVersion[] {
    return catalogue.runtimes().flatMap(({ id }) => catalogue.versions(id));
  }

  async function resume(): Promise<void> {
    const versions = allVersions();
    await code
      .keepOnly(versions.flatMap(({ source }) => source?.code ?? []))
      .catch((error: Error) =>
        logger.warn(`code that is deployed no more could not be removed: ${error.message}`),
      );
    for (const runtime of catalogue.runtimes()) {
      if (runtime.status === 'DELETING') removal.removeRuntime(runtime);
    }
    for (const version of versions) {
      if (version.source === null && version.failure === null) rollOut.begin(version);
    }
  }

  let resuming = Promise.resolve();
  return {
    operations: {
      ...createRuntimeOperations(inOperations),
      ...createEndpointOperations(inOperations),
      ...createPolicyOperations({ ...surroundings, resources }),
    },
    findTagged: findTaggedResource(resources),
    open() {
      resuming = resume().catch((error: Error) =>
        logger.error(`could not resume the deployments of an earlier run: ${error.stack}`),
      );
    },
    async close() {
      await resuming;
      await Promise.all([rollOut.close(), removal.close()]);
    },
  };
}
