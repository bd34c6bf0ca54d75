/** What of a request IAM can set conditions on, as `bedrock-agentcore:` and this name. */
type Scope = 'actorId' | 'sessionId' | 'namespace' | 'namespacePath' | 'strategyId';

const EVENT: readonly Scope[] = ['actorId', 'sessionId'];
const RECORDS: readonly Scope[] = ['namespace', 'namespacePath', 'strategyId'];

/**
 * The condition keys of each operation on a memory's content, as AWS's service authorization reference
 * and the guide's page on namespaces have them. What is not named here a request does not have, though
 * its input may: that is what makes a policy fail in AWS.
 */
export const scopes = {
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
} as const satisfies Readonly<Record<string, readonly Scope[]>>;

/** An operation on a memory's content: those that policies decide about here. */
export type ContentAction = keyof typeof scopes;

/** One thing that a call does with a memory, and what IAM knows of it. */
export interface MemoryDeed {
  readonly action: ContentAction;
  /** Its id or its ARN, as it was asked for. */
  readonly memoryId: string;
  /** By their names without the service's prefix. */
  readonly keys: Readonly<Record<string, string | undefined>>;
}

/** What the inputs of those operations have of it. */
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

/** Whether policies decide about an operation here. */
export function isContentAction(name: string): name is ContentAction {
  return Object.hasOwn(scopes, name);
}

/** What is kept of the things that a request names by nothing but their ids. */
export interface KeptScopes {
  /** Of whom a job that failed is. */
  ofJob(memoryId: string, jobId: string): ScopedInput;
  /** The namespace in which a record is, if it is there: null where it is in none. */
  namespaceOf(memoryId: string, recordId: string): string | null | undefined;
}

/** What a call does: one thing, but of a batch one for each namespace, which are all to be allowed. */
export function deedsOf(action: ContentAction, given: ScopedInput, kept: KeptScopes): MemoryDeed[] {
  const { memoryId = '', records, extractionConfig, searchCriteria, extractionJob } = given;
  const input = extractionJob ? kept.ofJob(memoryId, extractionJob.jobId) : given;
  const deed = (namespace: string | null | undefined): MemoryDeed => {
    const all: Readonly<Record<Scope, string | undefined>> = {
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
        ...Object.fromEntries(scopes[action].map((scope) => [scope, all[scope]])),
        ...Object.fromEntries(
          variables.map(([name, value]) => [`namespaceVariable/${name}`, value]),
        ),
      },
    };
  };
  if (records === undefined) return [deed(input.namespace)];
  const namespaces = records.flatMap(
    ({ memoryRecordId: id, namespaces: to = [], sourceNamespaces: from = [] }) => {
      // Where a record is counts whether its request says so or not: else anybody's could be taken.
      const own = id === undefined ? undefined : kept.namespaceOf(memoryId, id);
      const named: (string | null | undefined)[] = to.concat(from);
      return own === undefined && named.length > 0 ? named : named.concat(own);
    },
  );
  // Whoever may not do it at all may not do it with nothing either.
  return namespaces.length > 0 ? [...new Set(namespaces)].map(deed) : [deed(undefined)];
}
