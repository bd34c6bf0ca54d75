import { randomUUID } from 'node:crypto';
import type { IngestDataInput, IngestDataOutput } from '@aws-sdk/client-bedrock-agentcore';
import type { Clock } from '../../../clock.ts';
import { invalid } from '../../../wire/errors.ts';
import type { StoredReplies } from '../storedReplies.ts';
import type { StoredMemory } from '../storedMemory.ts';
import type { MemoryStore } from '../memoryStore.ts';
import type { ExtractionScheduler } from './extractionScheduler.ts';
import type { ExtractionQueue } from './extractionQueue.ts';
import { validateNamespaceVariables } from './namespace.ts';

/** Creates IngestData, which extracts records from content without storing events. */
export function createIngestOperations({
  memories,
  queue,
  extraction,
  replies,
  clock,
}: {
  memories: Pick<MemoryStore, 'find'>;
  queue: Pick<ExtractionQueue, 'ingest'>;
  extraction: Pick<ExtractionScheduler, 'scheduleSession'>;
  replies: StoredReplies;
  clock: Clock;
}) {
  async function ingest(input: IngestDataInput): Promise<IngestDataOutput> {
    const memory = memories.find(input.memoryId);
    return replies.once('IngestData', { ...input, memoryId: memory.id }, () =>
      enqueue(memory, input),
    );
  }

  function enqueue(memory: StoredMemory, input: IngestDataInput): IngestDataOutput {
    const { actorId: actor = '', sessionId: session = randomUUID(), extractionConfig } = input;
    if (memory.strategies.length === 0) {
      throw invalid(
        `memoryId: ${memory.id} has no strategies, so nothing would be extracted. Add a strategy with UpdateMemory.`,
      );
    }
    const variables = extractionConfig?.namespaceVariables ?? {};
    validateNamespaceVariables(memory, variables);
    const location = { memory: memory.id, actor, session };
    queue.ingest(location, {
      at: Number(input.contentTimestamp),
      acceptedAt: clock.now(),
      payload: JSON.stringify(input.source?.inline?.payload ?? []),
      variables: JSON.stringify(variables),
    });
    extraction.scheduleSession(location);
    return { sessionId: session };
  }

  return {
    IngestData: { handle: ingest },
  };
}
