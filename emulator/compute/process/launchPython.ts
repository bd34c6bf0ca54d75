import { CannotStartError, type ProgramCode, type OnOutputLine } from '../compute.ts';
import { createInstalledPythons } from './installedPythons.ts';
import { installPackage, findMissingPackage } from './missingPackage.ts';
import { instrument } from './preload.ts';
import { entryFile, type Launcher } from './launch.ts';
import { requestedVersion, type InstalledInterpreter } from './runtimeVersion.ts';
import { findEnvironment, createEnvironment } from './virtualEnvironment.ts';

/**
 * Starts Python agents in their project's virtual environment, in one that uv creates, or on an
 * installed Python, in this order.
 */
export function createPythonLauncher(): Launcher {
  const findInstalled = createInstalledPythons();
  const searches = new Map<string, Promise<InstalledInterpreter>>();
  const closing = new AbortController();
  const warned = new Set<string>();

  // One search at a time for each agent, because an environment is incomplete while it is created.
  function findPython(agent: ProgramCode, onLine: OnOutputLine): Promise<InstalledInterpreter> {
    const current = searches.get(agent.code);
    if (current) return current;
    const search = searchPython(agent, onLine).finally(() => searches.delete(agent.code));
    searches.set(agent.code, search);
    return search;
  }

  /** Explains later import errors, whose usual cause is a package in another environment. */
  function warnOnce(code: string, { command }: InstalledInterpreter, onLine: OnOutputLine): void {
    if (warned.has(code)) return;
    warned.add(code);
    onLine(
      'build',
      `No virtual environment (.venv) found in ${code} or its parent folders in the project. The agent runs on ${command} with the packages installed there.`,
    );
  }

  async function searchPython(
    agent: ProgramCode,
    onLine: OnOutputLine,
  ): Promise<InstalledInterpreter> {
    const { root, code, isDeployed } = agent;
    const existing = await findEnvironment(root, code);
    if (existing) return existing;
    const installed = await findInstalled(requestedVersion(agent));
    // AWS installs nothing for deployed code, which contains its packages.
    if (!isDeployed) await createEnvironment(code, installed, { onLine, signal: closing.signal });
    const created = await findEnvironment(root, code);
    if (created) return created;
    if (installed) {
      if (!isDeployed) warnOnce(code, installed, onLine);
      return installed;
    }
    throw new CannotStartError(
      `no Python found to run ${code}. There is no virtual environment (.venv), and neither python3 nor uv is on PATH. Install Python 3 (https://www.python.org/downloads/) and restart the emulator`,
    );
  }

  return {
    async prepare(agent, onLine) {
      const file = entryFile(agent);
      const interpreter = await findPython(agent, onLine);
      return {
        interpreter,
        arguments: [...(agent.isInstrumented ? [instrument] : []), file],
        // Shows output immediately, and in UTF-8 as in AWS.
        environment: { PYTHONUNBUFFERED: '1', PYTHONUTF8: '1' },
        findFix(line) {
          const missing = agent.isDeployed ? null : findMissingPackage(line);
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
