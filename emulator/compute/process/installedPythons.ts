import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { nearestInterpreter, type InstalledInterpreter } from './runtimeVersion.ts';

/** The minor versions of Python 3 that AgentCore has. */
const VERSIONS = [10, 11, 12, 13, 14];

const QUESTION =
  'import sys; print(sys.executable); print(".".join(map(str, sys.version_info[:3])))';

/** Finds a Python on PATH: the version wanted, else the nearest; without a wish the usual one. */
export type FindInstalledPython = (
  wanted: number | undefined,
) => Promise<InstalledInterpreter | undefined>;

/** Asks each Python who it is only once. */
export function createInstalledPythons(): FindInstalledPython {
  const answers = new Map<string, Promise<InstalledInterpreter | undefined>>();

  async function askAll(commands: readonly string[]): Promise<InstalledInterpreter[]> {
    const found = commands.map((command) => {
      const [program = '', ...options] = command.split(' ');
      const answer = answers.get(command) ?? askPython(program, ...options);
      answers.set(command, answer);
      return answer;
    });
    return (await Promise.all(found)).filter((python) => python !== undefined);
  }

  // On Windows versions are options of a launcher, elsewhere commands of their own.
  const usual = ['python3', 'python', 'py -3'];
  const named = (minor: number) => [`python3.${minor}`, `py -3.${minor}`];

  return async (wanted) => {
    if (wanted === undefined) return (await askAll(usual))[0];
    const found = await askAll([...usual, ...named(wanted)]);
    if (found.some(({ version }) => version === wanted)) return nearestInterpreter(wanted, found);
    return nearestInterpreter(wanted, [...found, ...(await askAll(VERSIONS.flatMap(named)))]);
  };
}

/** Which Python 3 a command starts, if it does. */
export async function askPython(
  command: string,
  ...options: readonly string[]
): Promise<InstalledInterpreter | undefined> {
  try {
    const { stdout } = await promisify(execFile)(command, [...options, '-I', '-S', '-c', QUESTION]);
    const [path = '', release = ''] = stdout.trim().split(/\r?\n/);
    return describePython(path, release);
  } catch {
    return undefined;
  }
}

/** A Python by its place and its release, such as 3.12.4. */
export function describePython(command: string, release: string): InstalledInterpreter | undefined {
  const [major, minor = 0] = release.split('.').map(Number);
  return major === 3 ? { command, name: `Python ${release}`, version: minor } : undefined;
}
