import type { Caller } from '../../caller.ts';
import type { OperationInput, OperationOutput } from '../../wire/operationTypes.ts';

/** The Memory operations that the emulator supports. */
export type MemoryOperation =
  | 'BatchCreateMemoryRecords'
  | 'BatchDeleteMemoryRecords'
  | 'BatchUpdateMemoryRecords'
  | 'CreateEvent'
  | 'CreateMemory'
  | 'DeleteEvent'
  | 'DeleteMemory'
  | 'DeleteMemoryRecord'
  | 'GetEvent'
  | 'GetMemory'
  | 'GetMemoryRecord'
  | 'IngestData'
  | 'ListActors'
  | 'ListEvents'
  | 'ListMemories'
  | 'ListMemoryExtractionJobs'
  | 'ListMemoryRecords'
  | 'ListSessions'
  | 'RetrieveMemoryRecords'
  | 'StartMemoryExtractionJob'
  | 'UpdateMemory';

/** Handlers of an open store. The call is authorized. `caller` is the session that it is for, if any. */
export type MemoryHandlers = {
  readonly [Name in MemoryOperation]: {
    readonly handle: (
      input: OperationInput<Name>,
      caller?: Caller | null,
    ) => Promise<OperationOutput<Name>>;
  };
};
