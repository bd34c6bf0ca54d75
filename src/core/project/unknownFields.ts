import type * as z from 'zod';
import { suggest } from '../../shared/suggest.ts';
import { formatPath, type FieldProblem } from './fieldProblem.ts';
import type { JsonPath } from './jsonText.ts';

/** A member of an object that the format does not have. Misspelled members are the usual reason. */
export interface UnknownField {
  readonly path: JsonPath;
  /** The member that is probably meant. */
  readonly similar: string | undefined;
}

/** Collects the unknown fields that a schema found. The message of their issues lists the known ones. */
export function collectUnknownFields(issues: readonly z.core.$ZodIssue[]): UnknownField[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [];
    const known = issue.message.split(' ');
    return issue.keys.map((key) => ({ path: [...issue.path, key], similar: suggest(key, known) }));
  });
}

/** Returns a copy of a JSON value without these fields. */
export function removeFields(json: unknown, unknown: readonly UnknownField[]): unknown {
  const copy = structuredClone(json);
  for (const { path } of unknown) {
    let parent = copy as Record<PropertyKey, unknown>;
    for (const key of path.slice(0, -1)) parent = parent[key] as typeof parent;
    delete parent[path.at(-1)!];
  }
  return copy;
}

/** In version 2, which is strict, an unknown field is an error. */
export function describeUnknownField({ path, similar }: UnknownField): FieldProblem {
  const fix = similar === undefined ? 'Remove it.' : `Did you mean ${similar}?`;
  return { path, message: `${formatPath(path)}: Unknown field. ${fix}` };
}

/** In version 1, an unknown field has no effect. */
export function warnOfUnknownField({ path, similar }: UnknownField): string {
  const hint = similar === undefined ? '' : ` Did you mean ${similar}?`;
  return `Unknown field ${formatPath(path)} has no effect.${hint}`;
}
