import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isWithin } from '../isWithin.ts';
import type { ProgramCode } from '../compute.ts';
import type { InstalledInterpreter } from './runtimeVersion.ts';

/** As Python says that an import found nothing. */
const NOT_FOUND = /^ModuleNotFoundError: No module named '([\w-]+)/;

/** The package that is missing according to a line that a program printed. */
export function missingPackageIn(line: string): string | null {
  return NOT_FOUND.exec(line)?.[1] ?? null;
}

/** What to type so that a Python agent has a package, the command on a line of its own. */
export function installPackage(
  { root, code }: Pick<ProgramCode, 'root' | 'code'>,
  { command, name: interpreter }: InstalledInterpreter,
  name: string,
): string {
  const wanted = wantedPackages(code);
  if (isWithin(command, root)) {
    return `${name} is not in the virtual environment that it runs on. To install it:\n${command} -m pip install ${wanted}`;
  }
  const environment = join(code, '.venv');
  const made = process.platform === 'win32' ? 'Scripts\\python' : 'bin/python';
  return `${name} is not among the packages of ${interpreter}, on which it runs as there is no virtual environment. To make one:\n${command} -m venv ${environment} && ${join(environment, made)} -m pip install ${wanted}`;
}

/** What pip is told; a module's name is not its package's, and whose that is nobody knows. */
function wantedPackages(code: string): string {
  const requirements = join(code, 'requirements.txt');
  if (existsSync(requirements)) return `-r ${requirements}`;
  return existsSync(join(code, 'pyproject.toml')) ? code : 'PACKAGE';
}
