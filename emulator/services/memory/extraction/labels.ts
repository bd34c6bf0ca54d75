import type { MetadataValue } from '@aws-sdk/client-bedrock-agentcore';
import type { Strategy } from '../strategies.ts';

/** Metadata values of an event that a strategy copies to its records. */
export type MetadataLabels = Readonly<Record<string, string>>;

/** Returns the metadata keys that a strategy copies. */
export function labelKeys({ memoryRecordSchema }: Pick<Strategy, 'memoryRecordSchema'>): string[] {
  return (memoryRecordSchema?.metadataSchema ?? []).flatMap(({ key, extractionType }) =>
    key !== undefined && extractionType === 'STRICTLY_CONSISTENT' ? key : [],
  );
}

/** Returns the values that a strategy copies. `metadata` is JSON. */
export function readLabels(strategy: Strategy, metadata: string | null): MetadataLabels {
  const values = JSON.parse(metadata ?? '{}') as Record<string, MetadataValue | undefined>;
  const labels = labelKeys(strategy).map((key) => [key, values[key]?.stringValue] as const);
  return Object.fromEntries(
    labels.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

/** Groups parts with equal labels, so that content with other labels does not get into their records. */
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
