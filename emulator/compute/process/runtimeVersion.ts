import type { ProgramCode } from '../compute.ts';

/** A program that runs a language, found on this computer. */
export interface InstalledInterpreter {
  readonly command: string;
  /** As a developer names it: "Python 3.12.4". */
  readonly name: string;
  /** The part in which AWS's names of runtimes differ: the 12 of PYTHON_3_12, the 22 of NODE_22. */
  readonly version: number;
}

/** How AWS names the runtimes of a language, before the version. */
const FAMILY = { node: 'NODE_', python: 'PYTHON_3_' } as const;

/** The version that an agent asks for, if it names a runtime of its language. */
export function wantedVersion({ language, runtimeVersion }: ProgramCode): number | undefined {
  if (!runtimeVersion?.startsWith(FAMILY[language])) return undefined;
  return Number(runtimeVersion.slice(FAMILY[language].length));
}

/** The interpreter that comes closest to a version: of two as close the newer, of equals the first. */
export function nearestInterpreter<Found extends InstalledInterpreter>(
  wanted: number,
  installed: readonly Found[],
): Found | undefined {
  const away = ({ version }: Found) => Math.abs(version - wanted);
  return installed.toSorted((a, b) => away(a) - away(b) || b.version - a.version)[0];
}
