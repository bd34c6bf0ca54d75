import type { Clock } from '../../clock.ts';
import type { Logger } from '../../log.ts';
import { WireError } from '../../wire/errors.ts';
import type { TaggedResource } from '../../tags.ts';
import { createReplies } from '../../wire/replies.ts';
import { createStoredReplies } from './storedReplies.ts';
import { atomically, openMemoryDatabase, type MemoryDatabase } from './database.ts';
import type { StoredConditionKeys } from './memoryAccess.ts';
import { memoryFile } from './memoryFile.ts';
import { applyDeclaration } from './applyDeclaration.ts';
import { declaredMemoryId, declaredMemoryName } from './declaredMemoryId.ts';
import { createBranchStore } from './branchStore.ts';
import { createEmbeddingSearch } from './embeddingSearch.ts';
import { createEmbeddingStore } from './embeddingStore.ts';
import { createEventOperations } from './eventOperations.ts';
import { createEventStore } from './eventStore.ts';
import { createExplanation } from './explanation.ts';
import { createExtractionRunner } from './extraction/extractionRunner.ts';
import { builtInExtractor } from './extraction/builtIn.ts';
import { createExtractionScheduler } from './extraction/extractionScheduler.ts';
import type { Extractor } from './extraction/extractor.ts';
import { createModelExtractor } from './extraction/modelExtractor.ts';
import { createIngestOperations } from './extraction/ingestOperations.ts';
import { createJobOperations } from './extraction/jobOperations.ts';
import { createExtractionJobStore } from './extraction/jobStore.ts';
import { createExtractionQueue } from './extraction/extractionQueue.ts';
import { createTokenMeter } from './extraction/tokenMeter.ts';
import { expiryCutoff, type StoredMemory } from './storedMemory.ts';
import { validateStrategies } from './strategyRules.ts';
import { CHANGE_MILLISECONDS, requireActive } from './memoryStatus.ts';
import { createMemoryStore } from './memoryStore.ts';
import type { DeclaredMemory } from '../../declaredMemory.ts';
import type { MemoryHandlers } from './memoryHandlers.ts';
import type { MemoryModels } from './memoryModels.ts';
import { createMemoryOperations } from './memoryOperations.ts';
import { createRecordBatchOperations } from './recordBatchOperations.ts';
import { createRecordOperations } from './recordOperations.ts';
import { createRecordStore } from './recordStore.ts';
import { toStoreError } from './storeErrors.ts';
import { createTransfer } from './transfer/transfer.ts';
import { createRetrievalLog } from './retrievalLog.ts';
import { searchRecords, type RecordSearch } from './search.ts';

/** Interval of removing expired events and records, which are invisible even before they are removed. */
const EXPIRY_INTERVAL_MILLISECONDS = 60 * 60 * 1_000;

/** Dependencies and settings of the memories of a data folder. */
export interface MemoryDependencies {
  readonly folder: string;
  readonly clock: Clock;
  readonly region: string;
  readonly account: string;
  /** Tokens that extraction may read per minute of the clock. Unlimited by default. */
  readonly tokensAMinute?: number;
  /** Seconds of the clock from a session's last event to the extraction of its records. */
  readonly extractionDelay?: number | undefined;
  /** Creates and updates memories at once. */
  readonly instantResources?: boolean | undefined;
  readonly models?: MemoryModels | undefined;
  readonly logger: Logger;
}

/** ARN and tags of a memory, which identity policies match. */
export interface MemoryResource {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The memories of a data folder, with their open database. */
export type OpenMemory = ReturnType<typeof openMemory>;

/** Opens the memories of a data folder. `report` receives errors of background tasks. */
export function openMemory(
  dependencies: MemoryDependencies,
  report: (error: unknown) => void,
  extractor: Extractor = dependencies.models?.extraction
    ? createModelExtractor(dependencies.models.extraction)
    : builtInExtractor,
) {
  const file = openMemoryDatabase(dependencies.folder);
  try {
    return createOpenMemory(file, dependencies, report, extractor);
  } catch (error) {
    file.close({
      isDamaged: toStoreError(error, memoryFile(dependencies.folder))?.isDamage ?? false,
    });
    throw error;
  }
}

function createOpenMemory(
  { database, close }: MemoryDatabase,
  {
    folder,
    clock,
    region,
    account,
    tokensAMinute = Infinity,
    extractionDelay = 10,
    instantResources = false,
    models,
    logger,
  }: MemoryDependencies,
  report: (error: unknown) => void,
  extractor: Extractor,
) {
  const memories = createMemoryStore(database);
  const branches = createBranchStore(database);
  const events = createEventStore(database, branches);
  const records = createRecordStore(database, clock);
  const replies = createReplies();
  const storedReplies = createStoredReplies(database);
  const retrievals = createRetrievalLog(clock);
  const inTransaction = <T>(work: () => T): T => atomically(database, work);
  const queue = createExtractionQueue(database, records, clock);
  const jobs = createExtractionJobStore(database);
  const meter = createTokenMeter(tokensAMinute, clock);
  const runner = createExtractionRunner({ queue, extractor, meter, clock, logger });
  const extraction = createExtractionScheduler({
    memories,
    queue,
    jobs,
    runner,
    clock,
    delay: extractionDelay * 1_000,
    atomically: inTransaction,
    report,
  });
  const memoryArn = (id: string) => `arn:aws:bedrock-agentcore:${region}:${account}:memory/${id}`;
  /** Returns the id in an id or ARN. The memory need not exist. */
  const parseMemoryId = (memoryId: string) => memoryId.slice(memoryId.lastIndexOf('/') + 1);
  const transfer = createTransfer({ folder, clock, extraction, memoryArn, report });

  const closing = new AbortController();
  const search: RecordSearch = models?.embeddings
    ? createEmbeddingSearch({
        records,
        embeddings: createEmbeddingStore(database, clock),
        model: models.embeddings,
        atomically: inTransaction,
        writable: transfer.writable,
        logger,
        signal: closing.signal,
      })
    : (query, topK, scope) => searchRecords(records, query, topK, scope);

  function removeExpired(): void {
    if (transfer.isImporting()) return;
    try {
      for (const memory of memories.list())
        events.removeExpired(memory.id, expiryCutoff(memory, clock.now()));
      records.removeExpired();
    } catch (error) {
      report(error);
    }
  }
  /** Warns about a declared memory that the emulator serves but AWS would not create. */
  function warnOfRefusal(memory: StoredMemory): void {
    try {
      validateStrategies(memory, 'CreateMemory');
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      logger.warn(`${memory.name}: AWS does not create this memory. ${error.message}`);
    }
  }

  removeExpired();
  const stopRemoval = clock.every(EXPIRY_INTERVAL_MILLISECONDS, removeExpired);

  return {
    operations: {
      ...createMemoryOperations({
        memories,
        replies,
        clock,
        changeMilliseconds: instantResources ? 0 : CHANGE_MILLISECONDS,
        memoryArn,
      }),
      ...createEventOperations({ memories, events, branches, extraction, clock }),
      ...createIngestOperations({ memories, queue, extraction, replies: storedReplies, clock }),
      ...createJobOperations({ memories, jobs, extraction, replies: storedReplies }),
      ...createRecordOperations({ memories, records, retrievals, search }),
      ...createRecordBatchOperations({
        memories,
        records,
        replies: storedReplies,
        clock,
        atomically: inTransaction,
      }),
    } satisfies MemoryHandlers as MemoryHandlers,
    explain: createExplanation({ memories, records, search }),
    /** Returns the latest retrievals of a memory. */
    retrievals: (memoryId: string) => retrievals.list(memories.find(memoryId).id),
    /** Throws unless the memory of an operation on its content is ACTIVE. */
    requireActive: (operation: string, { memoryId }: { readonly memoryId?: string }) =>
      requireActive(memories.find(memoryId), operation, clock.now()),
    /** Returns the ARN and tags of a memory by id or ARN. The memory need not exist. */
    findResource(memoryId: string): MemoryResource {
      const id = parseMemoryId(memoryId);
      const { arn = memoryArn(id), tags = {} } = memories.get(id) ?? {};
      return { arn, tags };
    },
    storedKeys: {
      jobKeys(memoryId, jobId) {
        const { actor, session, strategy } = jobs.get(parseMemoryId(memoryId), jobId) ?? {};
        return { actorId: actor, sessionId: session, memoryStrategyId: strategy };
      },
      recordNamespace(memoryId, recordId) {
        const record = records.get(parseMemoryId(memoryId), recordId);
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
    /** Creates or updates a project's memory. Returns its id. */
    declare(declared: DeclaredMemory): string {
      const name = declaredMemoryName(declared);
      const stableId = declaredMemoryId(declared);
      // An imported memory, or one of a moved project, has another id.
      const existing = memories.list().find((memory) => memory.name === name);
      const { id, arn } = existing ?? { id: stableId, arn: memoryArn(stableId) };
      const updated = applyDeclaration({ id, arn }, declared, existing, clock.now());
      if (updated !== existing) memories.save(updated);
      warnOfRefusal(updated);
      return id;
    },
    /** Closes the database. Does not write the log into a damaged file. */
    async close({ isDamaged = false } = {}): Promise<void> {
      stopRemoval();
      closing.abort(new Error('The emulator is closing.'));
      await transfer.close();
      await extraction.close();
      close({ isDamaged });
    },
  };
}
