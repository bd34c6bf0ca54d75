import type { RetrieveMemoryRecordsInput } from '@aws-sdk/client-bedrock-agentcore';
import type { CreateMemoryInput } from '@aws-sdk/client-bedrock-agentcore-control';
import type { ImportSummary } from '../../../src/shared/importSummary.ts';
import type { Clock } from '../../clock.ts';
import type { Logger } from '../../log.ts';
import { StorageError } from '../../storage/storage.ts';
import type { FindTagged, Tagged } from '../tags/tags.ts';
import { hindered } from '../../wire/errors.ts';
import type { Call, Emulations } from '../../wire/wire.ts';
import { deedsOf, isContentAction, type MemoryDeed } from './deeds.ts';
import { declaredId } from './declaredId.ts';
import type { Explanation } from './explanation.ts';
import type { Retrieval } from './retrievals.ts';
import type { MemoryService } from './service.ts';
import { createStoreDoor } from './storeDoor.ts';

/** AgentCore Memory: what agents were told, by whom, for as long as they are to remember it. */
export interface Memory<Caller> extends MemoryLines {
  readonly operations: Emulations<Caller>;
  readonly findTagged: FindTagged;
  /** Why RetrieveMemoryRecords answers a request as it does. */
  explain(request: RetrieveMemoryRecordsInput): Promise<Explanation>;
  /** What was retrieved of a memory, the newest first. */
  retrievals(memoryId: string): Promise<Retrieval[]>;
  /** Sees to it that a project's memories are there, as it describes them now. */
  declare(memories: readonly DeclaredMemory[]): Promise<void>;
  /** By which agents find the memories of their project: MEMORY_<NAME>_ID. */
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** All that is remembered, as lines of JSON. */
export interface MemoryLines {
  export(): Promise<AsyncIterable<string>>;
  /** Takes in what such lines say; what is there already stays as it is. All or nothing. */
  import(lines: AsyncIterable<Uint8Array>): Promise<ImportSummary>;
}

/** A memory as its project describes it, in the words of CreateMemory. */
export interface DeclaredMemory extends Pick<
  CreateMemoryInput,
  'memoryStrategies' | 'indexedKeys' | 'tags' | 'encryptionKeyArn' | 'memoryExecutionRoleArn'
> {
  readonly project: string;
  /** Its project's folder, by which it has the same id from run to run. */
  readonly root: string;
  readonly name: string;
  /** In days. */
  readonly eventExpiryDuration: number;
}

/** What memories are kept in. */
export interface MemorySurroundings {
  readonly folder: string;
  readonly clock: Clock;
  readonly region: string;
  readonly account: string;
  /** How much is extracted in a minute of the clock; without it, whatever there is. */
  readonly tokensAMinute?: number;
  /** Seconds of the clock from a session's last event to the records that are made of it. */
  readonly extractionDelay?: number | undefined;
  readonly logger: Logger;
}

const WHOLE = [
  'CreateEvent',
  'GetEvent',
  'ListEvents',
  'DeleteEvent',
  'ListActors',
  'ListSessions',
  'GetMemory',
  'ListMemories',
  'DeleteMemory',
  'BatchCreateMemoryRecords',
  'BatchUpdateMemoryRecords',
  'BatchDeleteMemoryRecords',
  'GetMemoryRecord',
  'DeleteMemoryRecord',
  'ListMemoryRecords',
  'RetrieveMemoryRecords',
  'StartMemoryExtractionJob',
] as const;

/** What some operations do less than the service. */
const PARTLY = {
  CreateMemory:
    'records are made by rules: overrides are not used, nor metadata that a model infers',
  UpdateMemory:
    'records are made by rules: overrides are not used, nor metadata that a model infers',
  ListMemoryExtractionJobs: 'no model is called, so no job fails by one',
  IngestData: 'of JSON no records are made, and metadata is not kept',
} as const;

/** A memory as policies know it. */
export interface MemoryResource {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Throws where a caller may not do something with a memory. */
export type Permit<Caller> = (
  deed: MemoryDeed,
  resource: MemoryResource,
  call: Call<Caller>,
) => void;

/** What an import that is going on does not keep waiting. */
const LOOKS = /^(?:Get|List|Retrieve)[A-Z]/;

/** Opens what it needs with the first call: most emulators are never asked to remember. */
export function createMemory<Caller>(
  surroundings: MemorySurroundings,
  permit: Permit<Caller> | null,
): Memory<Caller> {
  const variables: Record<string, string> = {};
  const declared: DeclaredMemory[] = [];
  const store = createStoreDoor(surroundings, (service) => {
    for (const memory of declared) variables[variableOf(memory)] = service.declare(memory);
  });

  const emulation = (name: (typeof WHOLE)[number] | keyof typeof PARTLY, lacks?: string) => ({
    ...(lacks === undefined ? {} : { lacks }),
    async handle(input: never, call: Call<Caller>) {
      return store
        .use(async ({ operations, resourceOf, scopes, writable }) => {
          if (!LOOKS.test(name)) await writable();
          // Nothing may come between this and what is done: where a record is decides who may.
          if (permit && isContentAction(name)) {
            for (const deed of deedsOf(name, input, scopes)) {
              permit(deed, resourceOf(deed.memoryId), call);
            }
          }
          return operations[name].handle(input);
        })
        .catch(refuse);
    },
  });

  return {
    operations: {
      ...Object.fromEntries(WHOLE.map((name) => [name, emulation(name)])),
      ...Object.fromEntries(
        Object.entries(PARTLY).map(([name, lacks]) => [
          name,
          emulation(name as keyof typeof PARTLY, lacks),
        ]),
      ),
    },
    async findTagged(arn) {
      if (!/:memory\/[^/]+$/.test(arn)) return null;
      const find = async ({ findTagged, writable }: MemoryService) => {
        await writable();
        return findTagged(arn);
      };
      const { tags } = await store.use(find).catch(refuse);
      const save = async (changed: Tagged['tags']) =>
        store.use(async (service) => (await find(service)).save(changed)).catch(refuse);
      return { tags, save };
    },
    explain: (request) => store.use((service) => service.explain(request)).catch(refuse),
    retrievals: (memoryId) => store.use((service) => service.retrievals(memoryId)).catch(refuse),
    variables,
    async declare(memories) {
      declared.push(...memories);
      // Agents find them by these also while they cannot be had, and are told why.
      for (const memory of memories) variables[variableOf(memory)] = declaredId(memory);
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

const variableOf = ({ name }: DeclaredMemory) => `MEMORY_${name.toUpperCase()}_ID`;

/** What stands in the way of all calls is said in AWS's form, in the words of who can mend it. */
function refuse(error: unknown): never {
  throw error instanceof StorageError ? hindered(error.message) : error;
}
