/** Result of an import of memories. */
export interface ImportSummary {
  readonly added: {
    readonly memories: number;
    readonly events: number;
    readonly records: number;
  };
  /** Lines whose content existed before. */
  readonly alreadyThere: number;
}

/** Formats an import's result as a clause. */
export function describeImport({ added, alreadyThere }: ImportSummary): string {
  const memories = formatCount(added.memories, 'memory', 'memories');
  const events = formatCount(added.events, 'event', 'events');
  const records = formatCount(added.records, 'record', 'records');
  return `added ${memories}, ${events} and ${records}; ${alreadyThere} already existed`;
}

function formatCount(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
