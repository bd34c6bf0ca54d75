import type { OperationInput, OperationOutput } from '../../wire/operationTypes.ts';

/** The operations of Memory that are emulated. */
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

/** How an open store carries them out, for whoever is authorized. */
export type MemoryHandlers = {
  readonly [Name in MemoryOperation]: {
    readonly handle: (input: OperationInput<Name>) => Promise<OperationOutput<Name>>;
  };
};
