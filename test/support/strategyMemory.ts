import { ListMemoryRecordsCommand } from '@aws-sdk/client-bedrock-agentcore';
import type {
  CreateMemoryInput,
  MemoryStrategyInput,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { useMemory, type TestMemory } from './memory.ts';

/** A semantic strategy with one namespace per actor. */
export const facts: MemoryStrategyInput = {
  semanticMemoryStrategy: { name: 'Facts', namespaceTemplates: ['/facts/{actorId}/'] },
};
/** A preference strategy with one namespace per actor. */
export const likes: MemoryStrategyInput = {
  userPreferenceMemoryStrategy: { name: 'Likes', namespaceTemplates: ['/likes/{actorId}/'] },
};

/** Creates a memory with strategies. `records` waits for pending extractions. */
export async function useMemoryWithStrategies(
  input: Partial<CreateMemoryInput>,
  options: Parameters<typeof useMemory>[0] = {},
) {
  const memory = await useMemory(options);
  const { id = '', strategies = [] } = await memory.create(input);
  return {
    ...memory,
    id,
    strategies,
    records: (namespace: string) => extractRecords(memory, id, namespace),
  };
}

/** Advances the clock past pending extractions and lists a namespace's records, oldest first. */
export async function extractRecords(
  { data, emulator }: TestMemory,
  memoryId: string,
  namespace: string,
) {
  await emulator.admin('/clock', { advanceSeconds: 30 });
  const { memoryRecordSummaries = [] } = await data.send(
    new ListMemoryRecordsCommand({ memoryId, namespace }),
  );
  return memoryRecordSummaries.toReversed();
}

/** Returns the texts of records. */
export const readTexts = (found: Awaited<ReturnType<typeof extractRecords>>) =>
  found.map(({ content }) => content?.text);
