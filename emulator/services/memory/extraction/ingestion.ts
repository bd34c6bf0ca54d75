import { randomUUID } from 'node:crypto';
import type { IngestDataInput, IngestDataOutput } from '@aws-sdk/client-bedrock-agentcore';
import type { Clock } from '../../../clock.ts';
import { invalid } from '../../../wire/errors.ts';
import type { Answers } from '../answers.ts';
import type { KeptMemory } from '../keptMemory.ts';
import type { Memories } from '../memories.ts';
import type { Extraction } from './extraction.ts';
import type { Ledger } from './ledger.ts';
import { checkVariables } from './namespace.ts';

/** The operation by which content becomes records without being an event. */
export function createIngestion({
  memories,
  ledger,
  extraction,
  answers,
  clock,
}: {
  memories: Pick<Memories, 'find'>;
  ledger: Pick<Ledger, 'ingest'>;
  extraction: Pick<Extraction, 'expect'>;
  answers: Answers;
  clock: Clock;
}) {
  async function ingest(input: IngestDataInput): Promise<IngestDataOutput> {
    const memory = memories.find(input.memoryId);
    return answers.once('IngestData', { ...input, memoryId: memory.id }, () =>
      ingestInto(memory, input),
    );
  }

  function ingestInto(memory: KeptMemory, input: IngestDataInput): IngestDataOutput {
    const { actorId: actor = '', sessionId: session = randomUUID(), extractionConfig } = input;
    if (memory.strategies.length === 0) {
      throw invalid(
        `memoryId: ${memory.id} has no strategies, so nothing can be made of what is ingested; add one by UpdateMemory`,
      );
    }
    const variables = extractionConfig?.namespaceVariables ?? {};
    checkVariables(memory, variables);
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
