import type { RetrieveMemoryRecordsInput } from '@aws-sdk/client-bedrock-agentcore';
import type { ImportSummary } from '../../../src/shared/importSummary.ts';
import { StorageError } from '../../storage/storage.ts';
import { localFailure } from '../../wire/errors.ts';
import type { Call, OperationHandler } from '../../wire/handlers.ts';
import type { FindTagged, Tags } from '../../tags.ts';
import type { DeclaredMemory } from '../../declaredMemory.ts';
import { declaredMemoryId } from './declaredMemoryId.ts';
import type { Explanation } from './explanation.ts';
import { isContentAction, memoryAccesses, type MemoryAccess } from './memoryAccess.ts';
import type { MemoryOperation } from './memoryHandlers.ts';
import type { LoggedRetrieval } from './retrievalLog.ts';
import type { MemoryDependencies, MemoryResource, OpenMemory } from './openMemory.ts';
import { createRecoveringStore } from './recoveringStore.ts';

/** AgentCore Memory. The store opens on first use, because most emulators never need it. */
export interface LazyMemory extends MemoryLines {
  readonly operations: { readonly [Name in MemoryOperation]: OperationHandler<Name> };
  readonly findTagged: FindTagged;
  /** Explains the response of RetrieveMemoryRecords to a request. */
  explain(request: RetrieveMemoryRecordsInput): Promise<Explanation>;
  /** The latest retrievals of a memory, newest first. */
  retrievals(memoryId: string): Promise<LoggedRetrieval[]>;
  /** Creates or updates the memories that a project declares. */
  declare(memories: readonly DeclaredMemory[]): Promise<void>;
  /** Environment variables with the ids of the project's memories: MEMORY_<NAME>_ID. */
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** All memories as JSON Lines. */
export interface MemoryLines {
  export(): Promise<AsyncIterable<string>>;
  /** Imports all lines or none. What exists already stays unchanged. */
  import(lines: AsyncIterable<Uint8Array>): Promise<ImportSummary>;
}

/** Throws when a call may not access a memory. */
export type AuthorizeAccess = (access: MemoryAccess, resource: MemoryResource, call: Call) => void;

/** Names of operations that do not wait for an import to end. */
const READ_OPERATION = /^(?:Get|List|Retrieve)[A-Z]/;

const NO_MODELS = 'inferred metadata and, without --memory-model, model overrides';

/** Creates the operations of memories whose database opens on first use. Without `authorize`, every call may access every memory. */
export function createLazyMemory(
  dependencies: MemoryDependencies,
  authorize: AuthorizeAccess = () => {},
): LazyMemory {
  const variables: Record<string, string> = {};
  const declared: DeclaredMemory[] = [];
  const store = createRecoveringStore(dependencies, (service) => {
    for (const memory of declared) variables[variableName(memory)] = service.declare(memory);
  });

  function handler<Name extends MemoryOperation>(
    name: Name,
    lacks?: string,
  ): OperationHandler<Name> {
    return {
      ...(lacks !== undefined && { lacks }),
      handle: (input, call) =>
        store
          .use(async ({ operations, findResource, storedKeys, requireActive, writable }) => {
            if (!READ_OPERATION.test(name)) await writable();
            // Synchronous, so that a record's namespace, which decides about access, cannot change
            // between authorization and operation.
            if (isContentAction(name)) {
              for (const access of memoryAccesses(name, input, storedKeys)) {
                authorize(access, findResource(access.memoryId), call);
              }
              requireActive(name, input);
            }
            return operations[name].handle(input, call.caller);
          })
          .catch(throwInAwsFormat),
    };
  }

  return {
    operations: {
      CreateMemory: handler('CreateMemory', NO_MODELS),
      UpdateMemory: handler('UpdateMemory', NO_MODELS),
      GetMemory: handler('GetMemory'),
      ListMemories: handler('ListMemories'),
      DeleteMemory: handler('DeleteMemory'),
      CreateEvent: handler('CreateEvent'),
      GetEvent: handler('GetEvent'),
      ListEvents: handler('ListEvents'),
      DeleteEvent: handler('DeleteEvent'),
      ListActors: handler('ListActors'),
      ListSessions: handler('ListSessions'),
      IngestData: handler(
        'IngestData',
        'JSON content yields no records, and metadata is not stored',
      ),
      BatchCreateMemoryRecords: handler('BatchCreateMemoryRecords'),
      BatchUpdateMemoryRecords: handler('BatchUpdateMemoryRecords'),
      BatchDeleteMemoryRecords: handler('BatchDeleteMemoryRecords'),
      GetMemoryRecord: handler('GetMemoryRecord'),
      DeleteMemoryRecord: handler('DeleteMemoryRecord'),
      ListMemoryRecords: handler('ListMemoryRecords'),
      RetrieveMemoryRecords: handler('RetrieveMemoryRecords'),
      StartMemoryExtractionJob: handler('StartMemoryExtractionJob'),
      ListMemoryExtractionJobs: handler(
        'ListMemoryExtractionJobs',
        'without --memory-model, no job fails with a model error',
      ),
    },
    async findTagged(arn) {
      if (!/:memory\/[^/]+$/.test(arn)) return null;
      const find = async ({ findTagged, writable }: OpenMemory) => {
        await writable();
        return findTagged(arn);
      };
      const { tags } = await store.use(find).catch(throwInAwsFormat);
      const save = async (changed: Tags) =>
        store.use(async (service) => (await find(service)).save(changed)).catch(throwInAwsFormat);
      return { tags, save };
    },
    explain: (request) => store.use((service) => service.explain(request)).catch(throwInAwsFormat),
    retrievals: (memoryId) =>
      store.use((service) => service.retrievals(memoryId)).catch(throwInAwsFormat),
    variables,
    async declare(memories) {
      declared.push(...memories);
      // Set even when the store cannot open, so that agents get the reason in the error of each call.
      for (const memory of memories) variables[variableName(memory)] = declaredMemoryId(memory);
      if (memories.length === 0) return;
      await store
        .use(() => {})
        .catch((error: unknown) => {
          if (!(error instanceof StorageError)) throw error;
        });
    },
    export: () => store.use((service) => service.export()),
    import: (lines) => store.use((service) => service.import(lines)),
    close: store.close,
  };
}

const variableName = ({ name }: DeclaredMemory) => `MEMORY_${name.toUpperCase()}_ID`;

/** Converts a storage error to AWS's error format. */
function throwInAwsFormat(error: unknown): never {
  throw error instanceof StorageError ? localFailure(error.message) : error;
}
