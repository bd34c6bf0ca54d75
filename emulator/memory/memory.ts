import type { CreateMemoryInput } from '@aws-sdk/client-bedrock-agentcore-control';
import type { Clock } from '../clock.ts';
import type { FindTagged } from '../tags/tags.ts';
import type { Call, Emulations } from '../wire/wire.ts';
import { deedsOf, isContentAction, type MemoryDeed } from './deeds.ts';
import type { MemoryService } from './service.ts';

/** AgentCore Memory: what agents were told, by whom, for as long as they are to remember it. */
export interface Memory<Caller> {
  readonly operations: Emulations<Caller>;
  readonly findTagged: FindTagged;
  /** Sees to it that a project's memories are there, as it describes them now. */
  declare(memories: readonly DeclaredMemory[]): Promise<void>;
  /** By which agents find the memories of their project: MEMORY_<NAME>_ID. */
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
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
] as const;

/** What some operations do less than the service. */
const PARTLY = {
  CreateMemory: 'records are made by rules: overrides and metadata schemas are not used',
  UpdateMemory: 'records are made by rules: overrides and metadata schemas are not used',
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

/** Opens what it needs with the first call: most emulators are never asked to remember. */
export function createMemory<Caller>(
  surroundings: MemorySurroundings,
  permit: Permit<Caller> | null,
): Memory<Caller> {
  let service: Promise<MemoryService> | undefined;
  const variables: Record<string, string> = {};

  function open(): Promise<MemoryService> {
    return (service ??= import('./service.ts').then(({ openMemoryService }) =>
      openMemoryService(surroundings),
    )).catch((error: unknown) => {
      // What stood in the way may be gone with the next call.
      service = undefined;
      throw error;
    });
  }

  const emulation = (name: (typeof WHOLE)[number] | keyof typeof PARTLY, lacks?: string) => ({
    ...(lacks === undefined ? {} : { lacks }),
    async handle(input: never, call: Call<Caller>) {
      const { operations, resourceOf } = await open();
      if (permit && isContentAction(name)) {
        for (const deed of deedsOf(name, input)) permit(deed, resourceOf(deed.memoryId), call);
      }
      return operations[name].handle(input);
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
    findTagged: async (arn) =>
      /:memory\/[^/]+$/.test(arn) ? (await open()).findTagged(arn) : null,
    variables,
    async declare(memories) {
      if (memories.length === 0) return;
      const { declare } = await open();
      for (const memory of memories) {
        variables[`MEMORY_${memory.name.toUpperCase()}_ID`] = declare(memory);
      }
    },
    async close() {
      await (await service?.catch(() => null))?.close();
    },
  };
}
