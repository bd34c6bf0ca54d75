import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { nearestInterpreter, type InstalledInterpreter } from './runtimeVersion.ts';

/** The minor versions of Python 3 that AgentCore supports. */
const VERSIONS = [10, 11, 12, 13, 14];

const PRINT_VERSION =
  'import sys; print(sys.executable); print(".".join(map(str, sys.version_info[:3])))';

/** Finds a Python on PATH: the preferred version or the nearest one. Without a preference, the default. */
export type FindInstalledPython = (
  preferred: number | undefined,
) => Promise<InstalledInterpreter | undefined>;

/** Creates the search. Each Python is inspected only once. */
export function createInstalledPythons(): FindInstalledPython {
  const inspected = new Map<string, Promise<InstalledInterpreter | undefined>>();

  async function inspectAll(commands: readonly string[]): Promise<InstalledInterpreter[]> {
    const found = commands.map((command) => {
      const [program = '', ...options] = command.split(' ');
      const answer = inspected.get(command) ?? inspectPython(program, ...options);
      inspected.set(command, answer);
      return answer;
    });
    return (await Promise.all(found)).filter((python) => python !== undefined);
  }

  // On Windows, versions are options of a launcher; elsewhere they are separate commands.
  const defaults = ['python3', 'python', 'py -3'];
  const named = (minor: number) => [`python3.${minor}`, `py -3.${minor}`];

  return async (preferred) => {
    if (preferred === undefined) return (await inspectAll(defaults))[0];
    const found = await inspectAll([...defaults, ...named(preferred)]);
    if (found.some(({ version }) => version === preferred))
      return nearestInterpreter(preferred, found);
    return nearestInterpreter(preferred, [
      ...found,
      ...(await inspectAll(VERSIONS.flatMap(named))),
    ]);
  };
}

/** Returns the Python 3 that a command starts, if any. */
export async function inspectPython(
  command: string,
  ...options: readonly string[]
): Promise<InstalledInterpreter | undefined> {
  try {
    const { stdout } = await promisify(execFile)(command, [
      ...options,
      '-I',
      '-S',
      '-c',
      PRINT_VERSION,
    ]);
    const [path = '', release = ''] = stdout.trim().split(/\r?\n/);
    return describePython(path, release);
  } catch {
    return undefined;
  }
}

/** Describes a Python by its path and release, such as 3.12.4. */
export function describePython(command: string, release: string): InstalledInterpreter | undefined {
  const [major, minor = 0] = release.split('.').map(Number);
  return major === 3 ? { command, name: `Python ${release}`, version: minor } : undefined;
}
