import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { usePart } from './parts.ts';

const run = promisify(execFile);

/** The container engine of the test run. */
export interface TestEngine {
  /** As DOCKER_HOST says it. */
  readonly host: string;
  /** Runs the docker command to its end, and gives what it printed. */
  docker(...args: string[]): Promise<string>;
  /** The host's address as containers on the default bridge reach it. */
  gateway(): Promise<string>;
}

/** The engine that `npm test` found or started; base images named by the templates are in it. */
export function useEngine(): TestEngine {
  const host = usePart('engine');
  async function docker(...args: string[]): Promise<string> {
    const { stdout } = await run(process.env['WORKBENCH_DOCKER'] ?? 'docker', args, {
      // The engine's own builder: Debian's packages bring no BuildKit.
      env: { ...process.env, DOCKER_HOST: host, DOCKER_BUILDKIT: '0' },
      maxBuffer: 2 ** 26,
    });
    return stdout.trim();
  }
  // Asked of a container: an engine in its first run does not know it of the network.
  async function gateway(): Promise<string> {
    const id = await docker('run', '--detach', 'node:24-slim', 'sleep', '60');
    try {
      const wanted = '{{.NetworkSettings.Networks.bridge.Gateway}}';
      return await docker('inspect', '--format', wanted, id);
    } finally {
      await docker('rm', '--force', id);
    }
  }

  return { host, docker, gateway };
}
