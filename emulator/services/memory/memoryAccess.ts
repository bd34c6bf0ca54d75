import type { OperationName } from '../../wire/operationTypes.ts';

/** A condition key that requests to Memory have, without the prefix `bedrock-agentcore:`. */
type ConditionKey = 'actorId' | 'sessionId' | 'namespace' | 'namespacePath' | 'strategyId';

const EVENT_KEYS: readonly ConditionKey[] = ['actorId', 'sessionId'];
const RECORD_KEYS: readonly ConditionKey[] = ['namespace', 'namespacePath', 'strategyId'];

/**
 * The condition keys of each operation on a memory's content, from AWS's service authorization
 * reference and the guide's page on namespaces. A request has no other keys, even when its input has
 * such members. A policy that relies on other keys fails in AWS too.
 */
export const conditionKeys = {
  CreateEvent: EVENT_KEYS,
  GetEvent: EVENT_KEYS,
  ListEvents: EVENT_KEYS,
  DeleteEvent: EVENT_KEYS,
  IngestData: EVENT_KEYS,
  ListSessions: ['actorId'],
  ListActors: [],
  ListMemoryRecords: RECORD_KEYS,
  RetrieveMemoryRecords: RECORD_KEYS,
  BatchCreateMemoryRecords: ['namespace'],
  BatchUpdateMemoryRecords: ['namespace'],
  BatchDeleteMemoryRecords: [],
  ListMemoryExtractionJobs: [],
  StartMemoryExtractionJob: ['actorId', 'sessionId', 'strategyId'],
  GetMemoryRecord: [],
  DeleteMemoryRecord: [],
} as const satisfies Readonly<Partial<Record<OperationName, readonly ConditionKey[]>>>;

/** An operation on a memory's content. Only these enforce identity policies. */
export type ContentAction = keyof typeof conditionKeys;

/** An access to a memory that is authorized on its own. */
export interface MemoryAccess {
  readonly action: ContentAction;
  /** The id or ARN in the request. */
  readonly memoryId: string;
  /** Values of condition keys, without the service prefix. */
  readonly keys: Readonly<Record<string, string | undefined>>;
}

/** The input members that condition keys are read from. */
interface ScopedInput {
  readonly memoryId?: string;
  readonly actorId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly namespace?: string;
  readonly namespacePath?: string;
  readonly memoryStrategyId?: string | undefined;
  readonly extractionJob?: { readonly jobId: string };
  readonly searchCriteria?: { readonly memoryStrategyId?: string };
  readonly extractionConfig?: { readonly namespaceVariables?: Readonly<Record<string, string>> };
  readonly records?: readonly {
    readonly memoryRecordId?: string;
    readonly namespaces?: string[];
    readonly sourceNamespaces?: string[];
  }[];
}

/** True when an operation enforces identity policies. */
export function isContentAction(name: string): name is ContentAction {
  return Object.hasOwn(conditionKeys, name);
}

/** Looks up condition keys of items that a request names only by id. */
export interface StoredConditionKeys {
  /** Returns the actor, session and strategy of a failed job. */
  jobKeys(memoryId: string, jobId: string): ScopedInput;
  /** Returns a record's namespace: null when it has none, undefined when the record does not exist. */
  recordNamespace(memoryId: string, recordId: string): string | null | undefined;
}

/** Returns the accesses of a call, all of which must be allowed. A batch has one for each namespace. */
export function memoryAccesses(
  action: ContentAction,
  request: ScopedInput,
  stored: StoredConditionKeys,
): MemoryAccess[] {
  const { memoryId = '', records, extractionConfig, searchCriteria, extractionJob } = request;
  const input = extractionJob ? stored.jobKeys(memoryId, extractionJob.jobId) : request;
  const access = (namespace: string | null | undefined): MemoryAccess => {
    const values: Readonly<Record<ConditionKey, string | undefined>> = {
      actorId: input.actorId,
      sessionId: input.sessionId,
      namespace: namespace ?? undefined,
      namespacePath: input.namespacePath,
      strategyId: input.memoryStrategyId ?? searchCriteria?.memoryStrategyId,
    };
    const variables = Object.entries(extractionConfig?.namespaceVariables ?? {});
    return {
      action,
      memoryId,
      keys: {
        ...Object.fromEntries(conditionKeys[action].map((key) => [key, values[key]])),
        ...Object.fromEntries(
          variables.map(([name, value]) => [`namespaceVariable/${name}`, value]),
        ),
      },
    };
  };
  if (records === undefined) return [access(input.namespace)];
  const namespaces = records.flatMap(
    ({ memoryRecordId: id, namespaces: to = [], sourceNamespaces: from = [] }) => {
      // A record's own namespace always counts. Otherwise a caller could move records out of a
      // namespace that it may not access.
      const own = id === undefined ? undefined : stored.recordNamespace(memoryId, id);
      const named: (string | null | undefined)[] = to.concat(from);
      return own === undefined && named.length > 0 ? named : named.concat(own);
    },
  );
  // An empty batch needs permission too.
  return namespaces.length > 0 ? [...new Set(namespaces)].map(access) : [access(undefined)];
}
