import type { ListMemoryRecordsInput } from '@aws-sdk/client-bedrock-agentcore';
import { invalid } from '../../wire/errors.ts';
import type { StoredMemory } from './storedMemory.ts';
import { buildRecordConditions } from './recordConditions.ts';
import type { RecordScope } from './recordStore.ts';

/** Which records of a memory a request means. */
export function resolveRecordScope(
  memory: StoredMemory,
  { namespace, namespacePath }: Pick<ListMemoryRecordsInput, 'namespace' | 'namespacePath'>,
  {
    memoryStrategyId,
    metadataFilters,
  }: Pick<ListMemoryRecordsInput, 'memoryStrategyId' | 'metadataFilters'>,
): RecordScope {
  const place = namespace ?? namespacePath;
  if (place === undefined || (namespace !== undefined && namespacePath !== undefined)) {
    throw invalid(
      `namespace: ${place === undefined ? 'neither it nor namespacePath is given' : `'${namespace}' is given, and the namespacePath '${namespacePath}' too`}; give a namespace, for what is in exactly that one, or a namespacePath, for what is in it and under it`,
    );
  }
  return {
    memory: memory.id,
    namespace: place,
    below: namespacePath !== undefined,
    strategy: memoryStrategyId,
    conditions: buildRecordConditions(metadataFilters, memory.indexedKeys),
  };
}
