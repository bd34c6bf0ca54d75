import type {
  MemoryMetadataFilterExpression,
  MemoryRecordOperatorType,
} from '@aws-sdk/client-bedrock-agentcore';
import type { IndexedKey } from '@aws-sdk/client-bedrock-agentcore-control';
import { invalid } from '../../wire/errors.ts';

/** A condition on one key of a record's metadata. */
export type RecordCondition =
  | { readonly key: string; readonly is: 'present' | 'absent' }
  | { readonly key: string; readonly is: 'containing'; readonly values: readonly string[] }
  | {
      readonly key: string;
      readonly is: '=' | '<' | '<=' | '>' | '>=';
      readonly operand: string | number | Date;
    };

/** Metadata keys that every record has, with the columns that store them. */
export const BUILT_IN_KEYS: ReadonlyMap<string, 'created_at' | 'updated_at'> = new Map([
  ['x-amz-agentcore-memory-createdAt', 'created_at'],
  ['x-amz-agentcore-memory-updatedAt', 'updated_at'],
]);

type ValueType = 'stringValue' | 'stringListValue' | 'numberValue' | 'dateTimeValue';

// Each operator takes one type of value. AWS rejects any other.
const comparisons: Readonly<
  Record<
    Exclude<MemoryRecordOperatorType, 'EXISTS' | 'NOT_EXISTS'>,
    { readonly valueType: ValueType; readonly is: '=' | '<' | '<=' | '>' | '>=' | 'containing' }
  >
> = {
  EQUALS_TO: { valueType: 'stringValue', is: '=' },
  CONTAINS: { valueType: 'stringListValue', is: 'containing' },
  BEFORE: { valueType: 'dateTimeValue', is: '<' },
  AFTER: { valueType: 'dateTimeValue', is: '>' },
  LESS_THAN: { valueType: 'numberValue', is: '<' },
  LESS_THAN_OR_EQUALS: { valueType: 'numberValue', is: '<=' },
  GREATER_THAN: { valueType: 'numberValue', is: '>' },
  GREATER_THAN_OR_EQUALS: { valueType: 'numberValue', is: '>=' },
};

/** Converts metadata filters to conditions. Only the memory's indexed keys can be filtered. */
export function buildRecordConditions(
  filters: readonly MemoryMetadataFilterExpression[] = [],
  indexed: readonly IndexedKey[] = [],
): RecordCondition[] {
  const keys = [...indexed.flatMap(({ key }) => key ?? []), ...BUILT_IN_KEYS.keys()];
  return filters.map((filter) => toCondition(filter, keys));
}

function toCondition(
  { left, operator, right }: MemoryMetadataFilterExpression,
  keys: readonly string[],
): RecordCondition {
  const key = left?.metadataKey ?? '';
  if (!keys.includes(key)) {
    throw invalid(
      `metadataFilters: '${key}' is not one of this memory's indexedKeys. Indexed keys: ${keys.join(', ')}`,
    );
  }
  const value = right?.metadataValue;
  if (operator === 'EXISTS' || operator === 'NOT_EXISTS') {
    if (right === undefined) return { key, is: operator === 'EXISTS' ? 'present' : 'absent' };
    throw invalid(`metadataFilters: ${operator} for '${key}' takes no value on the right`);
  }
  const { valueType, is } = comparisons[operator!];
  const operand = (value as Partial<Record<ValueType, unknown>> | undefined)?.[valueType];
  if (operand === undefined) {
    throw invalid(
      `metadataFilters: ${operator} for '${key}' requires a ${valueType} on the right: {metadataValue: {${valueType}: …}}`,
    );
  }
  if (is === 'containing') return { key, is, values: operand as string[] };
  if (BUILT_IN_KEYS.has(key) && valueType !== 'dateTimeValue') {
    throw invalid(`metadataFilters: '${key}' is a time. Use BEFORE or AFTER.`);
  }
  return { key, is, operand: operand as string | number | Date };
}
