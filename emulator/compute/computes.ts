import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { env as environment } from 'node:process';
import type { Logger } from '../log.ts';
import type { EmulatorOptions } from '../options.ts';
import { OptionError } from '../optionError.ts';
import type { Server } from '../http/server.ts';
import type { AgentSource } from '../agentSource.ts';
import type { Compute, MachineIdentity } from './compute.ts';
import { identitySources } from './awsIdentity.ts';
import { chooseCompute } from './computeMode.ts';
import { createContainerCompute, createEngineFinder } from './container/container.ts';
import { createProcessCompute } from './process/process.ts';

type ComputeKind = MachineIdentity['kind'];

/** Everything that sessions can run in, by kind. */
export interface Computes extends Readonly<Record<ComputeKind, Compute>> {
  /** The kind that an agent's sessions run in. */
  chooseKind(source: AgentSource): ComputeKind;
  /** 'available', or why a kind cannot be used. */
  availability(): Promise<Record<ComputeKind, string>>;
  /** True if neither the engine nor the registry has an image; false if that is unknown. */
  isImageMissing(reference: string): Promise<boolean>;
  /** Removes what earlier emulators left in the container engine; never throws. */
  clearLeftovers(): Promise<void>;
  /** Containers have a limited time to stop from now on; processes are closed after `sessionsEnded`. */
  close(sessionsEnded: Promise<unknown>): Promise<void>;
}

/** Finds the container engine if containers are required; otherwise when the first one is needed. */
export async function createComputes({
  options,
  dataFolder,
  server,
  isStorageInUse,
  logger,
}: {
  readonly options: EmulatorOptions;
  readonly dataFolder: string;
  readonly server: Pick<Server, 'port' | 'localUrl' | 'openContainerListener'>;
  /** False for session storage that nothing refers to any more. */
  readonly isStorageInUse: (id: string) => boolean;
  readonly logger: Logger;
}): Promise<Computes> {
  const sources = identitySources(environment, existsSync(join(homedir(), '.aws')));
  if (sources.length > 0) {
    logger.info(
      `Agents without their own AWS credentials call AWS with yours: ${sources.join(', ')}`,
    );
  }
  const engine = createEngineFinder(options.engine);
  if (options.compute === 'container') {
    await engine.find().catch((error: Error) => {
      throw new OptionError('compute', `container: ${error.message}`);
    });
  }
  const process = createProcessCompute({ dataFolder, emulatorUrl: server.localUrl, logger });
  const container = createContainerCompute({
    dataFolder: realpathSync(dataFolder),
    options: options.container ?? {},
    findEngine: engine.find,
    port: server.port,
    openListener: server.openContainerListener,
    keepsStorage: options.dataFolder !== undefined,
    isStorageKnown: isStorageInUse,
    logger,
  });
  return {
    process,
    container,
    chooseKind: (source) => chooseCompute(options.compute, source),
    availability: async () => ({ process: 'available', container: await engine.availability() }),
    isImageMissing: container.isImageMissing,
    clearLeftovers: container.clearLeftovers,
    async close(sessionsEnded) {
      await Promise.all([sessionsEnded, container.close()]);
      await process.close();
    },
  };
}
