import { randomUUID } from 'node:crypto';
import type { IngestDataInput, IngestDataOutput } from '@aws-sdk/client-bedrock-agentcore';
import type { Clock } from '../../../clock.ts';
import { invalid } from '../../../wire/errors.ts';
import type { Answers } from '../answers.ts';
import type { StoredMemory } from '../storedMemory.ts';
import type { MemoryStore } from '../memoryStore.ts';
import type { ExtractionScheduler } from './extractionScheduler.ts';
import type { ExtractionQueue } from './extractionQueue.ts';
import { validateNamespaceVariables } from './namespace.ts';

/** The operation by which content becomes records without being an event. */
export function createIngestOperations({
  memories,
  ledger,
  extraction,
  answers,
  clock,
}: {
  memories: Pick<MemoryStore, 'find'>;
  ledger: Pick<ExtractionQueue, 'ingest'>;
  extraction: Pick<ExtractionScheduler, 'expect'>;
  answers: Answers;
  clock: Clock;
}) {
  async function ingest(input: IngestDataInput): Promise<IngestDataOutput> {
    const memory = memories.find(input.memoryId);
    return answers.once('IngestData', { ...input, memoryId: memory.id }, () =>
      ingestInto(memory, input),
    );
  }

  function ingestInto(memory: StoredMemory, input: IngestDataInput): IngestDataOutput {
    const { actorId: actor = '', sessionId: session = randomUUID(), extractionConfig } = input;
    if (memory.strategies.length === 0) {
      throw invalid(
        `memoryId: ${memory.id} has no strategies, so nothing can be made of what is ingested; add one by UpdateMemory`,
      );
    }
    const variables = extractionConfig?.namespaceVariables ?? {};
    validateNamespaceVariables(memory, variables);
    const here = { memory: memory.id, actor, session };
    ledger.ingest(here, {
      at: Number(input.contentTimestamp),
      acceptedAt: clock.now(),
      payload: JSON.stringify(input.source?.inline?.payload ?? []),
      variables: JSON.stringify(variables),
    });
    extraction.expect(here);
    return { sessionId: session };
  }

  return {
    IngestData: { handle: ingest },
  };
}
