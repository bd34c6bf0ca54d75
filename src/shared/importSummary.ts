import type { ImportSummary, MemoryCounts } from './schemas/adminApi.ts';

export type { ImportSummary, MemoryCounts } from './schemas/adminApi.ts';

/** Formats an import's result as a clause. */
export function describeImport({ added, alreadyThere }: ImportSummary): string {
  return `added ${formatCounts(added)}; ${alreadyThere} already existed`;
}

/** Formats an export's result as a clause. */
export function describeExport(counts: MemoryCounts): string {
  return `exported ${formatCounts(counts)}`;
}

function formatCounts(counts: MemoryCounts): string {
  const memories = formatCount(counts.memories, 'memory', 'memories');
  const events = formatCount(counts.events, 'event', 'events');
  const records = formatCount(counts.records, 'record', 'records');
  return `${memories}, ${events} and ${records}`;
}

function formatCount(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
