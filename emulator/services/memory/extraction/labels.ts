import type { MetadataValue } from '@aws-sdk/client-bedrock-agentcore';
import type { Strategy } from '../strategies.ts';

/** Values of an event's metadata that go with whatever a strategy makes of it, unchanged. */
export type MetadataLabels = Readonly<Record<string, string>>;

/** The keys that a strategy's schema passes on as they are. */
export function labelKeys({ memoryRecordSchema }: Pick<Strategy, 'memoryRecordSchema'>): string[] {
  return (memoryRecordSchema?.metadataSchema ?? []).flatMap(({ key, extractionType }) =>
    key !== undefined && extractionType === 'STRICTLY_CONSISTENT' ? key : [],
  );
}

/** What of some metadata, JSON, a strategy passes on. */
export function readLabels(strategy: Strategy, metadata: string | null): MetadataLabels {
  const given = JSON.parse(metadata ?? '{}') as Record<string, MetadataValue | undefined>;
  const labels = labelKeys(strategy).map((key) => [key, given[key]?.stringValue] as const);
  return Object.fromEntries(
    labels.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

/** What is read together: what has the same labels, since nothing of others may get into its records. */
export function groupByLabels<Part extends { readonly metadata: string | null }>(
  strategy: Strategy,
  parts: readonly Part[],
): { readonly labels: MetadataLabels; readonly parts: readonly Part[] }[] {
  const groups = Map.groupBy(parts, ({ metadata }) =>
    JSON.stringify(readLabels(strategy, metadata)),
  );
  return [...groups].map(([labels, group]) => ({
    labels: JSON.parse(labels) as MetadataLabels,
    parts: group,
  }));
}
