import type { Clock } from '../../clock.ts';
import type { Logger } from '../../log.ts';
import type { TaggedResource } from '../tags/tags.ts';
import { createReplies } from '../../wire/replies.ts';
import { createAnswers } from './answers.ts';
import { atomically, openMemoryDatabase, type MemoryDatabase } from './database.ts';
import type { StoredConditionKeys } from './memoryAccess.ts';
import { memoryFile } from './memoryFile.ts';
import { applyDeclaration } from './applyDeclaration.ts';
import { declaredMemoryId, declaredMemoryName } from './declaredMemoryId.ts';
import { createBranchStore } from './branchStore.ts';
import { createEventOperations } from './eventOperations.ts';
import { createEventStore } from './eventStore.ts';
import { createExplanation } from './explanation.ts';
import { createExtractionRunner } from './extraction/extractionRunner.ts';
import { builtInExtractor } from './extraction/builtIn.ts';
import { createExtractionScheduler } from './extraction/extractionScheduler.ts';
import type { Extractor } from './extraction/extractor.ts';
import { createIngestOperations } from './extraction/ingestOperations.ts';
import { createJobOperations } from './extraction/jobOperations.ts';
import { createExtractionJobStore } from './extraction/jobStore.ts';
import { createExtractionQueue } from './extraction/extractionQueue.ts';
import { createTokenMeter } from './extraction/tokenMeter.ts';
import { expiryCutoff } from './storedMemory.ts';
import { createMemoryStore } from './memoryStore.ts';
import type { DeclaredMemory } from './declaredMemory.ts';
import type { MemoryHandlers } from './memoryHandlers.ts';
import { createMemoryOperations } from './memoryOperations.ts';
import { createRecordBatchOperations } from './recordBatchOperations.ts';
import { createRecordOperations } from './recordOperations.ts';
import { createRecordStore } from './recordStore.ts';
import { toStoreError } from './storeErrors.ts';
import { createTransfer } from './transfer/transfer.ts';
import { createRetrievalLog } from './retrievalLog.ts';

/** How often what has expired is removed; that it is seen no more does not wait for it. */
const SWEEP_MILLISECONDS = 60 * 60 * 1_000;

/** What a data folder's memories depend on. */
export interface MemoryDependencies {
  readonly folder: string;
  readonly clock: Clock;
  readonly region: string;
  readonly account: string;
  /** Tokens that are extracted per minute of the clock; unlimited by default. */
  readonly tokensAMinute?: number;
  /** Seconds of the clock from a session's last event to the extraction of its records. */
  readonly extractionDelay?: number | undefined;
  readonly logger: Logger;
}

/** A memory as identity policies see it. */
export interface MemoryResource {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The memories of a data folder. */
export type MemoryService = ReturnType<typeof openMemoryService>;

/** Opens the memories that are kept in a folder. */
export function openMemoryService(
  dependencies: MemoryDependencies,
  report: (error: unknown) => void,
  extractor: Extractor = builtInExtractor,
) {
  const file = openMemoryDatabase(dependencies.folder);
  try {
    return createService(file, dependencies, report, extractor);
  } catch (error) {
    file.close({
      isDamaged: toStoreError(error, memoryFile(dependencies.folder))?.isDamage ?? false,
    });
    throw error;
  }
}

/** `report` is told of what fails without an answer to say so. */
function createService(
  { database, close }: MemoryDatabase,
  {
    folder,
    clock,
    region,
    account,
    tokensAMinute = Infinity,
    extractionDelay = 10,
    logger,
  }: MemoryDependencies,
  report: (error: unknown) => void,
  extractor: Extractor,
) {
  const memories = createMemoryStore(database);
  const branches = createBranchStore(database);
  const events = createEventStore(database, branches);
  const records = createRecordStore(database);
  const replies = createReplies();
  const answers = createAnswers(database);
  const retrievals = createRetrievalLog(clock);
  const inOne = <T>(work: () => T): T => atomically(database, work);
  const ledger = createExtractionQueue(database, records);
  const jobs = createExtractionJobStore(database);
  const meter = createTokenMeter(tokensAMinute, clock);
  const attempts = createExtractionRunner({ ledger, extractor, meter, clock, logger });
  const extraction = createExtractionScheduler({
    memories,
    ledger,
    jobs,
    attempts,
    clock,
    delay: extractionDelay * 1_000,
    atomically: inOne,
    report,
  });
  const arnOf = (id: string) => `arn:aws:bedrock-agentcore:${region}:${account}:memory/${id}`;
  /** The id in an id or an ARN, whether there is such a memory or not. */
  const idOf = (memoryId: string) => memoryId.slice(memoryId.lastIndexOf('/') + 1);
  const transfer = createTransfer({ folder, clock, extraction, arnOf, report });

  function sweep(): void {
    if (transfer.isImporting()) return;
    try {
      for (const memory of memories.all())
        events.expire(memory.id, expiryCutoff(memory, clock.now()));
    } catch (error) {
      report(error);
    }
  }
  sweep();
  const stopSweeping = clock.every(SWEEP_MILLISECONDS, sweep);

  return {
    operations: {
      ...createMemoryOperations({ memories, replies, clock, arnOf }),
      ...createEventOperations({ memories, events, branches, extraction, clock }),
      ...createIngestOperations({ memories, ledger, extraction, answers, clock }),
      ...createJobOperations({ memories, jobs, extraction, answers }),
      ...createRecordOperations({ memories, records, retrievals }),
      ...createRecordBatchOperations({ memories, records, answers, clock, atomically: inOne }),
    } satisfies MemoryHandlers as MemoryHandlers,
    explain: createExplanation({ memories, records }),
    /** The last retrievals of a memory. */
    retrievals: (memoryId: string) => retrievals.of(memories.find(memoryId).id),
    /** What policies know of a memory, whether there is one of this id or ARN or not. */
    resourceOf(memoryId: string): MemoryResource {
      const id = idOf(memoryId);
      const { arn = arnOf(id), tags = {} } = memories.get(id) ?? {};
      return { arn, tags };
    },
    scopes: {
      ofJob(memoryId, jobId) {
        const { actor, session, strategy } = jobs.get(idOf(memoryId), jobId) ?? {};
        return { actorId: actor, sessionId: session, memoryStrategyId: strategy };
      },
      namespaceOf(memoryId, recordId) {
        const record = records.get(idOf(memoryId), recordId);
        return record && (record.namespace === '' ? null : record.namespace);
      },
    } satisfies StoredConditionKeys,
    export: transfer.export,
    import: transfer.import,
    writable: transfer.writable,
    findTagged(arn: string): TaggedResource {
      const memory = memories.find(arn);
      return { tags: memory.tags, save: (tags) => memories.save({ ...memory, tags }) };
    },
    /** Keeps a project's memory as it is described now; gives back its id. */
    declare(declared: DeclaredMemory): string {
      const name = declaredMemoryName(declared);
      const stable = declaredMemoryId(declared);
      // It may have been imported, or have come with its project from where that stood before.
      const present = memories.all().find((memory) => memory.name === name);
      const { id, arn } = present ?? { id: stable, arn: arnOf(stable) };
      const described = applyDeclaration({ id, arn }, declared, present, clock.now());
      if (described !== present) memories.save(described);
      return id;
    },
    /** Nothing more is written into a file that is damaged, not even what its log has. */
    async close({ isDamaged = false } = {}): Promise<void> {
      stopSweeping();
      await transfer.close();
      await extraction.close();
      close({ isDamaged });
    },
  };
}
