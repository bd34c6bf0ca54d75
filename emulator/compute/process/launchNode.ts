import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { delimiter, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { entryFile, type Launcher } from './launch.ts';
import {
  nearestInterpreter,
  requestedVersion,
  type InstalledInterpreter,
} from './runtimeVersion.ts';

interface Node extends InstalledInterpreter {
  /** True if it runs .ts files natively, as Node does since 22.18. */
  readonly stripsTypes: boolean;
}

/** Starts Node and TypeScript agents on the version that they request or on the emulator's own Node. */
export function createNodeLauncher({ compileCache }: { compileCache: string }): Launcher {
  const own = describe(process.execPath, process.versions.node);
  let onPath: Promise<Node[]> | undefined;

  return {
    async prepare(agent) {
      const file = entryFile(agent);
      const isTypeScript = /\.[cm]?ts$/.test(file);
      // Node strips types natively. tsx also supports the rest, such as importing x.ts as ./x.js.
      const useTsx = isTypeScript && existsSync(join(agent.code, 'node_modules', 'tsx'));
      const needsStripping = isTypeScript && !useTsx;
      const requested = requestedVersion(agent) ?? own.version;
      const others = requested === own.version ? [] : await (onPath ??= findOnPath());
      const able = [own, ...others].filter((node) => node.stripsTypes || !needsStripping);
      return {
        interpreter: nearestInterpreter(requested, able) ?? own,
        arguments: [...(useTsx ? ['--import', 'tsx'] : []), file],
        environment: (await hasBegun(compileCache)) ? { NODE_COMPILE_CACHE: compileCache } : {},
      };
    },
    async close() {},
  };
}

/**
 * Creates the cache's folder and returns true if it existed before. Filling the cache slows a start by
 * a tenth, so the very first session does without it.
 */
async function hasBegun(compileCache: string): Promise<boolean> {
  return (await mkdir(compileCache, { recursive: true })) === undefined;
}

/** Finds the Node on PATH. The emulator's own is skipped, because inspecting one costs a full start. */
async function findOnPath(): Promise<Node[]> {
  if (await ownIsOnPath()) return [];
  const expression = 'process.execPath + "\\n" + process.versions.node';
  try {
    const { stdout } = await promisify(execFile)('node', ['-p', expression]);
    const [command = '', release = ''] = stdout.trim().split('\n');
    return [describe(command, release)];
  } catch {
    return [];
  }
}

async function ownIsOnPath(): Promise<boolean> {
  const file = `node${extname(process.execPath)}`;
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const found = await realpath(join(folder, file)).catch(() => null);
    if (found !== null) return found === (await realpath(process.execPath));
  }
  return false;
}

function describe(command: string, release: string): Node {
  const [major = 0, minor = 0] = release.split('.').map(Number);
  const stripsTypes = major > 22 || (major === 22 && minor >= 18);
  return { command, name: `Node ${release}`, version: major, stripsTypes };
}
