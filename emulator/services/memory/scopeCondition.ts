import type { SQLInputValue } from 'node:sqlite';
import { BUILT_IN_KEYS, type RecordCondition } from './recordConditions.ts';

/** Selects records of a memory. */
export interface RecordScope {
  readonly memory: string;
  /** Null selects all namespaces. */
  readonly namespace: string | null;
  /** True to include namespaces below the given one: `/a/b` is below `/a`, and `/ab` is not. */
  readonly includesNested: boolean;
  readonly strategy: string | undefined;
  readonly conditions: readonly RecordCondition[];
}

/** Selects records that have not expired at `:now`. */
export const RECORD_NOT_EXPIRED = '(expires_at IS NULL OR expires_at > :now)';

/** Returns the SQL condition that selects the records of a scope, and the values of its parameters. */
export function scopeCondition({
  memory,
  namespace,
  includesNested,
  strategy,
  conditions,
}: RecordScope): {
  condition: string;
  values: Record<string, SQLInputValue>;
} {
  const values: Record<string, SQLInputValue> = {};
  const bind = (value: SQLInputValue): string => {
    const name = `v${Object.keys(values).length}`;
    values[name] = value;
    return `:${name}`;
  };
  const clauses = [`memory = ${bind(memory)}`, namespaceClause(namespace, includesNested, bind)];
  if (strategy !== undefined) clauses.push(`strategy = ${bind(strategy)}`);
  for (const condition of conditions) clauses.push(metadataClause(condition, bind));
  return { condition: clauses.join(' AND '), values };
}

function namespaceClause(
  namespace: string | null,
  includesNested: boolean,
  bind: (value: string) => string,
): string {
  if (namespace === null) return 'TRUE';
  if (!includesNested) return `namespace = ${bind(namespace)}`;
  const path = namespace.replace(/\/+$/, '');
  // A zero follows the slash in the character set, so it bounds all paths that begin with `path/`.
  return `(namespace = ${bind(path)}
    OR (namespace >= ${bind(`${path}/`)} AND namespace < ${bind(`${path}0`)}))`;
}

function metadataClause(
  condition: RecordCondition,
  bind: (value: SQLInputValue) => string,
): string {
  const { key } = condition;
  const column = BUILT_IN_KEYS.get(key);
  if (column !== undefined && 'operand' in condition) {
    return `${column} ${condition.is} ${bind(Number(condition.operand))}`;
  }
  if (column !== undefined) return condition.is === 'present' ? 'TRUE' : 'FALSE';
  const existsWhere = (test: string) =>
    `EXISTS (SELECT 1 FROM json_each(metadata) AS m WHERE m.key = ${bind(key)}${test})`;
  if ('values' in condition) {
    return condition.values
      .map((value) =>
        existsWhere(` AND EXISTS (
          SELECT 1 FROM json_each(m.value, '$.stringListValue') WHERE value = ${bind(value)})`),
      )
      .join(' AND ');
  }
  if (!('operand' in condition))
    return condition.is === 'present' ? existsWhere('') : `NOT ${existsWhere('')}`;
  const { is, operand } = condition;
  // Dates are stored in ISO 8601, which sorts in order of time.
  const value = operand instanceof Date ? operand.toISOString() : operand;
  return existsWhere(
    ` AND json_extract(m.value, '$.${valueMember(operand)}') ${is} ${bind(value)}`,
  );
}

function valueMember(operand: string | number | Date): string {
  if (operand instanceof Date) return 'dateTimeValue';
  return typeof operand === 'number' ? 'numberValue' : 'stringValue';
}
