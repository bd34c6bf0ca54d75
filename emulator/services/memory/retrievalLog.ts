import type {
  RetrieveMemoryRecordsInput,
  RetrieveMemoryRecordsOutput,
} from '@aws-sdk/client-bedrock-agentcore';
import type { Clock } from '../../clock.ts';

/** A retrieval as it was asked for and answered. */
export interface LoggedRetrieval {
  readonly time: string;
  /** What explains it, when it is sent there. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly found: readonly { readonly memoryRecordId: string; readonly score: number }[];
}

/** The last retrievals of the emulator: what agents asked for is seen nowhere else. */
export interface RetrievalLog {
  note(
    memory: string,
    request: RetrieveMemoryRecordsInput,
    output: RetrieveMemoryRecordsOutput,
  ): void;
  /** Of one memory, the newest first. */
  of(memory: string): LoggedRetrieval[];
}

const KEPT = 100;

/** None yet. */
export function createRetrievalLog(clock: Pick<Clock, 'now'>): RetrievalLog {
  const kept: { readonly memory: string; readonly retrieval: LoggedRetrieval }[] = [];
  return {
    note(memory, input, { memoryRecordSummaries = [] }) {
      const { memoryId: _, ...request } = input;
      const time = new Date(clock.now()).toISOString();
      const found = memoryRecordSummaries.map(({ memoryRecordId = '', score = 0 }) => ({
        memoryRecordId,
        score,
      }));
      kept.unshift({ memory, retrieval: { time, request: asSent(request), found } });
      kept.splice(KEPT);
    },
    of: (memory) => kept.filter((each) => each.memory === memory).map(({ retrieval }) => retrieval),
  };
}

/** As AWS's wire has it, on which moments are seconds. */
function asSent(request: object): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(request, function (this: Record<string, unknown>, key, value: unknown) {
      const given = this[key];
      return given instanceof Date ? given.getTime() / 1_000 : value;
    }),
  ) as Record<string, unknown>;
}
