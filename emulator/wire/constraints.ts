import generated from './constraints.json' with { type: 'json' };
import type { Plane } from './operations.ts';

/** What AWS's service model demands of a value beyond its type. */
export interface Constraint {
  /** A whole number; otherwise fractions are welcome. */
  readonly integer?: boolean;
  /** Of a number its value; of a string, blob, list or map its length. */
  readonly min?: number;
  readonly max?: number;
  /** Matched against the whole string. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** The same for what a list or map holds, and for the keys of a map. */
  readonly each?: Constraint;
  readonly key?: Constraint;
}

type Members = Readonly<Record<string, Constraint | undefined>>;
const byPlane: Readonly<Record<Plane, Readonly<Record<string, Members | undefined>>>> = generated;

/** The constraints of a structure's members, by the structure's name. */
export function constraintsOf(plane: Plane, structure: string): Members {
  return byPlane[plane][structure] ?? {};
}
