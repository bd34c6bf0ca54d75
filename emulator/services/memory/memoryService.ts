import type { Service, ServiceContext } from '../../service.ts';
import { resolveQuotas } from '../../quotas.ts';
import { importSeed } from './importSeed.ts';
import { createLazyMemory, type LazyMemory } from './lazyMemory.ts';
import { openMemoryModels } from './memoryModels.ts';
import { conditionKeys } from './memoryAccess.ts';

/** Creates the Memory service with the memories of the project and the seed file. */
export async function createMemoryService(context: ServiceContext): Promise<Service> {
  const { options, storage, clock, region, account, logger, identityPolicies } = context;
  const memory = createLazyMemory(
    {
      folder: storage.folder,
      clock,
      region,
      account,
      tokensAMinute: resolveQuotas(options.limits).extraction,
      extractionDelay: options.extractionDelay,
      instantResources: options.instantResources,
      models: openMemoryModels(context),
      logger,
    },
    ({ action, keys }, resource, call) =>
      identityPolicies.enforce({ action, keys, resource }, call),
  );
  try {
    await memory.declare(options.memories ?? []);
    if (options.seed !== undefined) await importSeed(memory, options.seed, logger);
  } catch (error) {
    await memory.close();
    throw error;
  }
  return memoryService(memory, context);
}

function memoryService(memory: LazyMemory, { logger }: Pick<ServiceContext, 'logger'>): Service {
  return {
    name: 'memory',
    operations: memory.operations,
    sessionOperations: [
      'CreateMemory',
      'UpdateMemory',
      'DeleteMemory',
      'CreateEvent',
      'DeleteEvent',
      'RetrieveMemoryRecords',
      'DeleteMemoryRecord',
      'BatchCreateMemoryRecords',
      'BatchUpdateMemoryRecords',
      'BatchDeleteMemoryRecords',
      'StartMemoryExtractionJob',
      'IngestData',
    ],
    conditionKeys,
    environmentFor: () => memory.variables,
    admin: async () => (await import('./adminRoutes.ts')).createMemoryRoutes(memory, logger),
    findTagged: memory.findTagged,
    close: memory.close,
  };
}
