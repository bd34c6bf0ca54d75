import generated from './constraints.json' with { type: 'json' };
import type { Plane } from './operations.ts';

/** A constraint of AWS's service model on a value, in addition to its type. */
export interface Constraint {
  /** True if fractions are not allowed. */
  readonly integer?: boolean;
  /** Limits of a number's value, or of the length of a string, blob, list or map. */
  readonly min?: number;
  readonly max?: number;
  /** Matched against the whole string. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** Constraints on the values of a list or map, and on the keys of a map. */
  readonly each?: Constraint;
  readonly key?: Constraint;
}

type Members = Readonly<Record<string, Constraint | undefined>>;
const byPlane: Readonly<Record<Plane, Readonly<Record<string, Members | undefined>>>> = generated;

/** A constraint of AWS's model that the emulator does not enforce. */
export interface Loosening {
  readonly plane: Plane;
  readonly structure: string;
  readonly member: string;
  readonly demand: keyof Constraint;
  readonly why: string;
}

/** All constraints that are not enforced. */
export const loosenings: readonly Loosening[] = [
  {
    plane: 'control',
    structure: 'ContainerConfiguration',
    member: 'containerUri',
    demand: 'pattern',
    why: 'AWS accepts only ECR images. The emulator accepts any registry, and local images such as myimage:dev',
  },
];

/** Returns the constraints on a structure's members. */
export function findConstraints(plane: Plane, structure: string): Members {
  return enforced[plane][structure] ?? NONE;
}

const NONE: Members = {};

const enforced = { data: { ...byPlane.data }, control: { ...byPlane.control } };
for (const { plane, structure, member, demand } of loosenings) {
  const members = byPlane[plane][structure] ?? {};
  enforced[plane][structure] = {
    ...members,
    [member]: { ...members[member], [demand]: undefined },
  };
}
