import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CannotStartError, describeExit, type OnOutputLine } from '../compute.ts';
import { askPython, describePython } from './installedPythons.ts';
import type { InstalledInterpreter } from './runtimeVersion.ts';
import { foldersUpTo } from './workingCopy.ts';

/** The Python of a project's virtual environment: the agent's own, or one up to the project's root. */
export async function findEnvironment(
  root: string,
  code: string,
): Promise<InstalledInterpreter | undefined> {
  for (const folder of foldersUpTo(root, code)) {
    for (const name of ['.venv', 'venv']) {
      const environment = join(folder, name);
      const command = [join('bin', 'python'), join('Scripts', 'python.exe')]
        .map((place) => join(environment, place))
        .find((place) => existsSync(place));
      const settings = await readFile(join(environment, 'pyvenv.cfg'), 'utf8').catch(() => null);
      if (command) {
        // Read and not asked, because every session starts here.
        const release = /^version(?:_info)? *= *(3\.\d+(?:\.\d+)?)/m.exec(settings ?? '')?.[1];
        return release ? describePython(command, release) : askPython(command);
      }
      if (settings !== null) {
        throw new CannotStartError(
          `the virtual environment ${environment} has lost the Python that it was made of; make it anew, by python3 -m venv --clear ${environment} or by uv sync`,
        );
      }
    }
  }
  return undefined;
}

/**
 * Makes the virtual environment of a project that uv manages, as the official CLI does before it
 * runs an agent. Without uv, or for a folder that is no such project, nothing happens.
 */
export async function makeEnvironment(
  code: string,
  python: InstalledInterpreter | undefined,
  { onLine, signal }: { onLine: OnOutputLine; signal: AbortSignal },
): Promise<void> {
  const description = await readFile(join(code, 'pyproject.toml'), 'utf8').catch(() => '');
  if (!/^\[project\]/m.test(description)) return;
  const environment = join(code, '.venv');
  const wasThere = existsSync(environment);
  const options = python ? ['--python', python.command] : [];
  // By the developer's own settings of uv, its cache and its index: it is their environment.
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
  // Half an environment would be taken for a whole one by the next session.
  if (!wasThere) await rm(environment, { recursive: true, force: true });
  throw new CannotStartError(
    `uv sync --project ${code} ended with ${failure}:\n${lines.slice(-20).join('\n')}`,
  );
}
