import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CannotStartError, describeExit, type OnOutputLine } from '../compute.ts';
import { inspectPython, describePython } from './installedPythons.ts';
import type { InstalledInterpreter } from './runtimeVersion.ts';
import { listFoldersUpTo } from './workingCopy.ts';

/** Finds the Python of the virtual environment in the code folder or its parents up to the project's root. */
export async function findEnvironment(
  root: string,
  code: string,
): Promise<InstalledInterpreter | undefined> {
  for (const folder of listFoldersUpTo(root, code)) {
    for (const name of ['.venv', 'venv']) {
      const environment = join(folder, name);
      const command = [join('bin', 'python'), join('Scripts', 'python.exe')]
        .map((path) => join(environment, path))
        .find((path) => existsSync(path));
      const settings = await readFile(join(environment, 'pyvenv.cfg'), 'utf8').catch(() => null);
      if (command) {
        // Reading the file is faster than starting Python, and every session does this.
        const release = /^version(?:_info)? *= *(3\.\d+(?:\.\d+)?)/m.exec(settings ?? '')?.[1];
        return release ? describePython(command, release) : inspectPython(command);
      }
      if (settings !== null) {
        throw new CannotStartError(
          `the Python of the virtual environment ${environment} no longer exists. Recreate the environment with python3 -m venv --clear ${environment} or uv sync`,
        );
      }
    }
  }
  return undefined;
}

/**
 * Creates the virtual environment of a uv project, as the official CLI does before it runs an agent.
 * Does nothing without uv or for other folders.
 */
export async function createEnvironment(
  code: string,
  python: InstalledInterpreter | undefined,
  { onLine, signal }: { onLine: OnOutputLine; signal: AbortSignal },
): Promise<void> {
  const description = await readFile(join(code, 'pyproject.toml'), 'utf8').catch(() => '');
  if (!/^\[project\]/m.test(description)) return;
  const environment = join(code, '.venv');
  const existed = existsSync(environment);
  const options = python ? ['--python', python.command] : [];
  // Uses the developer's own uv settings, cache and index.
  const uv = spawn('uv', ['sync', '--project', code, '--no-python-downloads', ...options], {
    env: { ...process.env, UV_PROJECT_ENVIRONMENT: environment },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  const lines: string[] = [];
  createInterface({ input: uv.stderr }).on('line', (text) => {
    lines.push(text);
    onLine('build', text);
  });
  const failure = await new Promise<string | null>((resolve) => {
    uv.once('error', () => {
      const isInstalled = uv.pid !== undefined;
      if (!isInstalled) resolve(null);
    });
    uv.once('close', (code, signal) => resolve(code === 0 ? null : describeExit({ code, signal })));
  });
  if (failure === null) return;
  // The next session would use an incomplete environment.
  if (!existed) await rm(environment, { recursive: true, force: true });
  throw new CannotStartError(
    `uv sync --project ${code} failed with ${failure}:\n${lines.slice(-20).join('\n')}`,
  );
}
