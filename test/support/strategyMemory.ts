import { ListMemoryRecordsCommand } from '@aws-sdk/client-bedrock-agentcore';
import type {
  CreateMemoryInput,
  MemoryStrategyInput,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { useMemory, type TestMemory } from './memory.ts';

/** Facts of an actor, across sessions. */
export const facts: MemoryStrategyInput = {
  semanticMemoryStrategy: { name: 'Facts', namespaceTemplates: ['/facts/{actorId}/'] },
};
/** Preferences of an actor, across sessions. */
export const likes: MemoryStrategyInput = {
  userPreferenceMemoryStrategy: { name: 'Likes', namespaceTemplates: ['/likes/{actorId}/'] },
};

/** A memory with strategies, and what its records say once what is pending has been extracted. */
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
    records: (namespace: string) => records(memory, id, namespace),
  };
}

/** The records of a namespace, the oldest first, after more time than an extraction takes. */
export async function records({ data, emulator }: TestMemory, memoryId: string, namespace: string) {
  await emulator.admin('/clock', { advanceSeconds: 30 });
  const { memoryRecordSummaries = [] } = await data.send(
    new ListMemoryRecordsCommand({ memoryId, namespace }),
  );
  return memoryRecordSummaries.toReversed();
}

/** The texts of such records. */
export const textsOf = (found: Awaited<ReturnType<typeof records>>) =>
  found.map(({ content }) => content?.text);
