/** What an import of memories has added, and how many lines said what was there already. */
export interface ImportSummary {
  readonly added: {
    readonly memories: number;
    readonly events: number;
    readonly records: number;
  };
  readonly alreadyThere: number;
}

/** The same in words. */
export function describeImport({ added, alreadyThere }: ImportSummary): string {
  const memories = counted(added.memories, 'memory', 'memories');
  const events = counted(added.events, 'event', 'events');
  const records = counted(added.records, 'record', 'records');
  const were = alreadyThere === 1 ? 'was' : 'were';
  return `added ${memories}, ${events} and ${records}; ${alreadyThere} ${were} there already`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
