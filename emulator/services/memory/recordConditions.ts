import type {
  MemoryMetadataFilterExpression,
  MemoryRecordOperatorType,
} from '@aws-sdk/client-bedrock-agentcore';
import type { IndexedKey } from '@aws-sdk/client-bedrock-agentcore-control';
import { invalid } from '../../wire/errors.ts';

/** What a filter says of one key of a record's metadata. */
export type RecordCondition =
  | { readonly key: string; readonly is: 'present' | 'absent' }
  | { readonly key: string; readonly is: 'containing'; readonly values: readonly string[] }
  | {
      readonly key: string;
      readonly is: '=' | '<' | '<=' | '>' | '>=';
      readonly than: string | number | Date;
    };

/** Keys that every record has without being given them, and the columns in which they are kept. */
export const BUILT_IN_KEYS: ReadonlyMap<string, 'created_at' | 'updated_at'> = new Map([
  ['x-amz-agentcore-memory-createdAt', 'created_at'],
  ['x-amz-agentcore-memory-updatedAt', 'updated_at'],
]);

type ValueKind = 'stringValue' | 'stringListValue' | 'numberValue' | 'dateTimeValue';

// Each operator takes one kind of value, and the service refuses any other.
const comparisons: Readonly<
  Record<
    Exclude<MemoryRecordOperatorType, 'EXISTS' | 'NOT_EXISTS'>,
    { readonly takes: ValueKind; readonly is: '=' | '<' | '<=' | '>' | '>=' | 'containing' }
  >
> = {
  EQUALS_TO: { takes: 'stringValue', is: '=' },
  CONTAINS: { takes: 'stringListValue', is: 'containing' },
  BEFORE: { takes: 'dateTimeValue', is: '<' },
  AFTER: { takes: 'dateTimeValue', is: '>' },
  LESS_THAN: { takes: 'numberValue', is: '<' },
  LESS_THAN_OR_EQUALS: { takes: 'numberValue', is: '<=' },
  GREATER_THAN: { takes: 'numberValue', is: '>' },
  GREATER_THAN_OR_EQUALS: { takes: 'numberValue', is: '>=' },
};

/** What filters ask for; `indexed` are the keys by which a memory's records can be filtered. */
export function buildRecordConditions(
  filters: readonly MemoryMetadataFilterExpression[] = [],
  indexed: readonly IndexedKey[] = [],
): RecordCondition[] {
  const keys = [...indexed.flatMap(({ key }) => key ?? []), ...BUILT_IN_KEYS.keys()];
  return filters.map((filter) => conditionOf(filter, keys));
}

function conditionOf(
  { left, operator, right }: MemoryMetadataFilterExpression,
  keys: readonly string[],
): RecordCondition {
  const key = left?.metadataKey ?? '';
  if (!keys.includes(key)) {
    throw invalid(
      `metadataFilters: '${key}' is none of this memory's indexedKeys, by which its records are filtered; there are ${keys.join(', ')}`,
    );
  }
  const value = right?.metadataValue;
  if (operator === 'EXISTS' || operator === 'NOT_EXISTS') {
    if (right === undefined) return { key, is: operator === 'EXISTS' ? 'present' : 'absent' };
    throw invalid(`metadataFilters: ${operator} takes no value on its right for '${key}'`);
  }
  const { takes, is } = comparisons[operator!];
  const than = (value as Partial<Record<ValueKind, unknown>> | undefined)?.[takes];
  if (than === undefined) {
    throw invalid(
      `metadataFilters: ${operator} needs a ${takes} on its right for '${key}': {metadataValue: {${takes}: …}}`,
    );
  }
  if (is === 'containing') return { key, is, values: than as string[] };
  if (BUILT_IN_KEYS.has(key) && takes !== 'dateTimeValue') {
    throw invalid(`metadataFilters: '${key}' is a time, to which BEFORE and AFTER apply`);
  }
  return { key, is, than: than as string | number | Date };
}
