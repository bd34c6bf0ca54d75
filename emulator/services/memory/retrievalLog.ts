import type {
  RetrieveMemoryRecordsInput,
  RetrieveMemoryRecordsOutput,
} from '@aws-sdk/client-bedrock-agentcore';
import type { Clock } from '../../clock.ts';

/** A logged RetrieveMemoryRecords request with its results. */
export interface LoggedRetrieval {
  readonly time: string;
  /** The request in the form that the explain route accepts. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly found: readonly { readonly memoryRecordId: string; readonly score: number }[];
}

/** Keeps the latest retrievals of the emulator in memory. */
export interface RetrievalLog {
  add(
    memory: string,
    request: RetrieveMemoryRecordsInput,
    output: RetrieveMemoryRecordsOutput,
  ): void;
  /** Returns the retrievals of a memory, newest first. */
  list(memory: string): LoggedRetrieval[];
}

const MAX_RETRIEVALS = 100;

/** Creates an empty log. */
export function createRetrievalLog(clock: Pick<Clock, 'now'>): RetrievalLog {
  const log: { readonly memory: string; readonly retrieval: LoggedRetrieval }[] = [];
  return {
    add(memory, input, { memoryRecordSummaries = [] }) {
      const { memoryId: _, ...request } = input;
      const time = new Date(clock.now()).toISOString();
      const found = memoryRecordSummaries.map(({ memoryRecordId = '', score = 0 }) => ({
        memoryRecordId,
        score,
      }));
      log.unshift({ memory, retrieval: { time, request: toWireJson(request), found } });
      log.splice(MAX_RETRIEVALS);
    },
    list: (memory) =>
      log.filter((each) => each.memory === memory).map(({ retrieval }) => retrieval),
  };
}

/** Converts a request to its JSON form on the wire, in which times are in seconds. */
function toWireJson(request: object): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(request, function (this: Record<string, unknown>, key, value: unknown) {
      const original = this[key];
      return original instanceof Date ? original.getTime() / 1_000 : value;
    }),
  ) as Record<string, unknown>;
}
