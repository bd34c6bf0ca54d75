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

/** A demand of AWS's model that is not made here. */
export interface Loosening {
  readonly plane: Plane;
  readonly structure: string;
  readonly member: string;
  readonly demand: keyof Constraint;
  readonly why: string;
}

/** All of them: everything else of the model is demanded as AWS does. */
export const loosenings: readonly Loosening[] = [
  {
    plane: 'control',
    structure: 'ContainerConfiguration',
    member: 'containerUri',
    demand: 'pattern',
    why: 'AWS takes images of ECR only; here they may be of any registry, or of the engine alone, as myimage:dev',
  },
];

/** The constraints of a structure's members, by the structure's name. */
export function constraintsOf(plane: Plane, structure: string): Members {
  return demanded[plane][structure] ?? NOTHING;
}

const NOTHING: Members = {};

const demanded = { data: { ...byPlane.data }, control: { ...byPlane.control } };
for (const { plane, structure, member, demand } of loosenings) {
  const members = byPlane[plane][structure] ?? {};
  demanded[plane][structure] = {
    ...members,
    [member]: { ...members[member], [demand]: undefined },
  };
}
