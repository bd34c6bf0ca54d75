import type { ListMemoryRecordsInput } from '@aws-sdk/client-bedrock-agentcore';
import { invalid } from '../../wire/errors.ts';
import type { StoredMemory } from './storedMemory.ts';
import { buildRecordConditions } from './recordConditions.ts';
import type { RecordScope } from './scopeCondition.ts';

/** Returns the records of a memory that a request selects. */
export function resolveRecordScope(
  memory: StoredMemory,
  { namespace, namespacePath }: Pick<ListMemoryRecordsInput, 'namespace' | 'namespacePath'>,
  {
    memoryStrategyId,
    metadataFilters,
  }: Pick<ListMemoryRecordsInput, 'memoryStrategyId' | 'metadataFilters'>,
): RecordScope {
  const path = namespace ?? namespacePath;
  if (path === undefined || (namespace !== undefined && namespacePath !== undefined)) {
    const problem = path === undefined ? 'are both missing' : 'are both set';
    throw invalid(
      `namespace: namespace and namespacePath ${problem}. Give a namespace for an exact match, or a namespacePath to include the namespaces below it.`,
    );
  }
  return {
    memory: memory.id,
    namespace: path,
    includesNested: namespacePath !== undefined,
    strategy: memoryStrategyId,
    conditions: buildRecordConditions(metadataFilters, memory.indexedKeys),
  };
}
