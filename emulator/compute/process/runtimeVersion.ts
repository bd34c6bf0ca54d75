import type { ProgramCode } from '../compute.ts';

/** An interpreter on this computer. */
export interface InstalledInterpreter {
  readonly command: string;
  /** For example "Python 3.12.4". */
  readonly name: string;
  /** The version in AWS's runtime names: 12 for PYTHON_3_12, 22 for NODE_22. */
  readonly version: number;
}

/** Prefixes of AWS's runtime names. */
const FAMILY = { node: 'NODE_', python: 'PYTHON_3_' } as const;

/** Returns the version that an agent requests, if it names a runtime of its language. */
export function requestedVersion({ language, runtimeVersion }: ProgramCode): number | undefined {
  if (!runtimeVersion?.startsWith(FAMILY[language])) return undefined;
  return Number(runtimeVersion.slice(FAMILY[language].length));
}

/** Returns the nearest version. At equal distance the newer one is preferred, then the first. */
export function nearestInterpreter<Found extends InstalledInterpreter>(
  requested: number,
  installed: readonly Found[],
): Found | undefined {
  const distance = ({ version }: Found) => Math.abs(version - requested);
  return installed.toSorted((a, b) => distance(a) - distance(b) || b.version - a.version)[0];
}
