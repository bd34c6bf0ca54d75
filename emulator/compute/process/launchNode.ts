import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { delimiter, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { entryFile, type Launcher } from './launch.ts';
import { nearestInterpreter, wantedVersion, type InstalledInterpreter } from './runtimeVersion.ts';

interface Node extends InstalledInterpreter {
  /** Whether it runs a .ts file by itself, as Node does since 22.18. */
  readonly stripsTypes: boolean;
}

/** Starts Node and TypeScript agents: on the emulator's own Node, or on the one that they ask for. */
export function createNodeLauncher({ compileCache }: { compileCache: string }): Launcher {
  const own = describe(process.execPath, process.versions.node);
  let onPath: Promise<Node[]> | undefined;

  return {
    async prepare(agent) {
      const file = entryFile(agent);
      const isTypeScript = /\.[cm]?ts$/.test(file);
      // Node strips types by itself; what it cannot, such as imports of ./x.js for x.ts, tsx can.
      const useTsx = isTypeScript && existsSync(join(agent.code, 'node_modules', 'tsx'));
      const needsStripping = isTypeScript && !useTsx;
      const wanted = wantedVersion(agent) ?? own.version;
      const others = wanted === own.version ? [] : await (onPath ??= findOnPath());
      const able = [own, ...others].filter((node) => node.stripsTypes || !needsStripping);
      return {
        interpreter: nearestInterpreter(wanted, able) ?? own,
        arguments: [...(useTsx ? ['--import', 'tsx'] : []), file],
        environment: (await isBegun(compileCache)) ? { NODE_COMPILE_CACHE: compileCache } : {},
      };
    },
    async close() {},
  };
}

/**
 * Whether the cache's folder was there before; it is now. A start that fills the cache takes a tenth
 * longer than one without any: the very first session, for which somebody waits, does without.
 */
async function isBegun(compileCache: string): Promise<boolean> {
  return (await mkdir(compileCache, { recursive: true })) === undefined;
}

/** The Node that a terminal would start, unless that is our own: to ask it takes as long as its start. */
async function findOnPath(): Promise<Node[]> {
  if (await ownIsOnPath()) return [];
  const question = 'process.execPath + "\\n" + process.versions.node';
  try {
    const { stdout } = await promisify(execFile)('node', ['-p', question]);
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
