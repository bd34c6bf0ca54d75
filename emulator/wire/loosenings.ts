import type { Plane } from './operations.ts';

/** A constraint of AWS's model that the emulator does not enforce. */
export interface Loosening {
  readonly plane: Plane;
  readonly structure: string;
  readonly member: string;
  /** The member's shape. No other member has it. */
  readonly shape: string;
  readonly demand: 'pattern';
  readonly why: string;
}

/** All constraints that are not enforced. */
export const loosenings: readonly Loosening[] = [
  {
    plane: 'control',
    structure: 'ContainerConfiguration',
    member: 'containerUri',
    shape: 'RuntimeContainerUri',
    demand: 'pattern',
    why: 'AWS accepts only ECR images. The emulator accepts any registry, and local images such as myimage:dev',
  },
];

/** True if the pattern of a shape is not enforced. */
export function isPatternLoosened(shape: string): boolean {
  return loosenings.some((loosening) => loosening.shape === shape);
}
