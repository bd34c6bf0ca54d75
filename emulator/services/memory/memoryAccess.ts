/** A condition key that requests to Memory have, without the prefix `bedrock-agentcore:`. */
type ConditionKey = 'actorId' | 'sessionId' | 'namespace' | 'namespacePath' | 'strategyId';

const EVENT: readonly ConditionKey[] = ['actorId', 'sessionId'];
const RECORDS: readonly ConditionKey[] = ['namespace', 'namespacePath', 'strategyId'];

/**
 * The condition keys of each operation on a memory's content, from AWS's service authorization
 * reference and the guide's page on namespaces. A request has only these, whatever its input has;
 * a policy that relies on others fails in AWS as here.
 */
export const conditionKeys = {
  CreateEvent: EVENT,
  GetEvent: EVENT,
  ListEvents: EVENT,
  DeleteEvent: EVENT,
  IngestData: EVENT,
  ListSessions: ['actorId'],
  ListActors: [],
  ListMemoryRecords: RECORDS,
  RetrieveMemoryRecords: RECORDS,
  BatchCreateMemoryRecords: ['namespace'],
  BatchUpdateMemoryRecords: ['namespace'],
  BatchDeleteMemoryRecords: [],
  ListMemoryExtractionJobs: [],
  StartMemoryExtractionJob: ['actorId', 'sessionId', 'strategyId'],
  GetMemoryRecord: [],
  DeleteMemoryRecord: [],
} as const satisfies Readonly<Record<string, readonly ConditionKey[]>>;

/** An operation on a memory's content. Identity policies are enforced for these only. */
export type ContentAction = keyof typeof conditionKeys;

/** One access of a call to a memory, to be authorized on its own. */
export interface MemoryAccess {
  readonly action: ContentAction;
  /** Its id or its ARN, as in the request. */
  readonly memoryId: string;
  /** The values of condition keys, without the service's prefix. */
  readonly keys: Readonly<Record<string, string | undefined>>;
}

/** The members of those operations' inputs that condition keys are read from. */
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

/** True where identity policies are enforced for an operation. */
export function isContentAction(name: string): name is ContentAction {
  return Object.hasOwn(conditionKeys, name);
}

/** Looks up the condition keys of what a request names by id only. */
export interface StoredConditionKeys {
  /** The actor, session and strategy of a failed job. */
  ofJob(memoryId: string, jobId: string): ScopedInput;
  /** A record's namespace: null where it is in none, undefined where there is no such record. */
  namespaceOf(memoryId: string, recordId: string): string | null | undefined;
}

/** Returns the accesses of a call: one, or for a batch one for each namespace. All must be allowed. */
export function memoryAccesses(
  action: ContentAction,
  given: ScopedInput,
  stored: StoredConditionKeys,
): MemoryAccess[] {
  const { memoryId = '', records, extractionConfig, searchCriteria, extractionJob } = given;
  const input = extractionJob ? stored.ofJob(memoryId, extractionJob.jobId) : given;
  const access = (namespace: string | null | undefined): MemoryAccess => {
    const all: Readonly<Record<ConditionKey, string | undefined>> = {
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
        ...Object.fromEntries(conditionKeys[action].map((key) => [key, all[key]])),
        ...Object.fromEntries(
          variables.map(([name, value]) => [`namespaceVariable/${name}`, value]),
        ),
      },
    };
  };
  if (records === undefined) return [access(input.namespace)];
  const namespaces = records.flatMap(
    ({ memoryRecordId: id, namespaces: to = [], sourceNamespaces: from = [] }) => {
      // A record's own namespace counts even where its request names another, or any record could be
      // moved by a caller who may not read it.
      const own = id === undefined ? undefined : stored.namespaceOf(memoryId, id);
      const named: (string | null | undefined)[] = to.concat(from);
      return own === undefined && named.length > 0 ? named : named.concat(own);
    },
  );
  // An empty batch needs the permission too.
  return namespaces.length > 0 ? [...new Set(namespaces)].map(access) : [access(undefined)];
}
