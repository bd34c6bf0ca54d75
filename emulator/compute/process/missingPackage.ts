import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isWithin } from '../isWithin.ts';
import type { ProgramCode } from '../compute.ts';
import type { InstalledInterpreter } from './runtimeVersion.ts';

/** Python's error for a missing module. */
const NOT_FOUND = /^ModuleNotFoundError: No module named '([\w-]+)/;

/** Returns the missing module that a line of output names. */
export function findMissingPackage(line: string): string | null {
  return NOT_FOUND.exec(line)?.[1] ?? null;
}

/** Explains how to install a missing package, with the command on its own line. */
export function installPackage(
  { root, code }: Pick<ProgramCode, 'root' | 'code'>,
  { command, name: interpreter }: InstalledInterpreter,
  name: string,
): string {
  const packages = pipArguments(code, name);
  if (isWithin(command, root)) {
    return `Python package ${name} is not installed in the agent's virtual environment. Run:\n${command} -m pip install ${packages}`;
  }
  const environment = join(code, '.venv');
  const python = process.platform === 'win32' ? 'Scripts\\python' : 'bin/python';
  return `Python package ${name} is not installed in ${interpreter}, and there is no virtual environment. Run:\n${command} -m venv ${environment} && ${join(environment, python)} -m pip install ${packages}`;
}

/** Arguments for pip install. Without a list of packages, the module's name suggests one. */
function pipArguments(code: string, module: string): string {
  const requirements = join(code, 'requirements.txt');
  if (existsSync(requirements)) return `-r ${requirements}`;
  if (existsSync(join(code, 'pyproject.toml'))) return code;
  return DISTRIBUTIONS.get(module) ?? module.replaceAll('_', '-');
}

/** Distributions of agents' usual modules whose names differ by more than `_` and `-`. */
const DISTRIBUTIONS = new Map([
  ['strands', 'strands-agents'],
  ['strands_tools', 'strands-agents-tools'],
  ['agents', 'openai-agents'],
  ['a2a', 'a2a-sdk'],
  ['ag_ui', 'ag-ui-protocol'],
  ['dotenv', 'python-dotenv'],
  ['yaml', 'PyYAML'],
  ['jwt', 'PyJWT'],
  ['bs4', 'beautifulsoup4'],
  ['PIL', 'pillow'],
]);
