import { CannotStartError, type ProgramCode, type OnOutputLine } from '../compute.ts';
import { createInstalledPythons } from './installedPythons.ts';
import { installPackage, missingPackageIn } from './missingPackage.ts';
import { instrument } from './preload.ts';
import { entryFile, type Launcher } from './launch.ts';
import { wantedVersion, type InstalledInterpreter } from './runtimeVersion.ts';
import { findEnvironment, makeEnvironment } from './virtualEnvironment.ts';

/**
 * Starts Python agents: on the virtual environment of their project, else on one that uv makes,
 * else on a Python of this computer.
 */
export function createPythonLauncher(): Launcher {
  const findInstalled = createInstalledPythons();
  const searches = new Map<string, Promise<InstalledInterpreter>>();
  const closing = new AbortController();
  const told = new Set<string>();

  // One search at a time for each agent: an environment that is just being made is not whole.
  function findPython(agent: ProgramCode, onLine: OnOutputLine): Promise<InstalledInterpreter> {
    const current = searches.get(agent.code);
    if (current) return current;
    const search = searchPython(agent, onLine).finally(() => searches.delete(agent.code));
    searches.set(agent.code, search);
    return search;
  }

  /** A package that is not found has most often been installed elsewhere. */
  function tellOnce(code: string, { command }: InstalledInterpreter, onLine: OnOutputLine): void {
    if (told.has(code)) return;
    told.add(code);
    onLine(
      'build',
      `there is no virtual environment (.venv) in ${code} or above it in the project; it runs on ${command}, with the packages of that`,
    );
  }

  async function searchPython(
    agent: ProgramCode,
    onLine: OnOutputLine,
  ): Promise<InstalledInterpreter> {
    const { root, code, isDeployed } = agent;
    const existing = await findEnvironment(root, code);
    if (existing) return existing;
    const installed = await findInstalled(wantedVersion(agent));
    // AWS installs nothing for what is deployed: its packages are in it.
    if (!isDeployed) await makeEnvironment(code, installed, { onLine, signal: closing.signal });
    const made = await findEnvironment(root, code);
    if (made) return made;
    if (installed) {
      if (!isDeployed) tellOnce(code, installed, onLine);
      return installed;
    }
    throw new CannotStartError(
      `there is no Python to run ${code}: it has no virtual environment (.venv), and neither python3 nor uv is on PATH. Install Python 3 (https://www.python.org/downloads/) and start the emulator again`,
    );
  }

  return {
    async prepare(agent, onLine) {
      const file = entryFile(agent);
      const interpreter = await findPython(agent, onLine);
      return {
        interpreter,
        arguments: [...(agent.isInstrumented ? [instrument] : []), file],
        // What an agent prints is to be seen when it prints it, and in UTF-8 as in AWS.
        environment: { PYTHONUNBUFFERED: '1', PYTHONUTF8: '1' },
        findFix(line) {
          const missing = agent.isDeployed ? null : missingPackageIn(line);
          return missing === null ? null : installPackage(agent, interpreter, missing);
        },
      };
    },
    async close() {
      closing.abort();
      await Promise.allSettled(searches.values());
    },
  };
}
