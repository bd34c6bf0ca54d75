import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { usePart } from './parts.ts';

const run = promisify(execFile);

/** The container engine of the test run. */
export interface TestEngine {
  /** Address in DOCKER_HOST format. */
  readonly host: string;
  /** Runs a docker command and returns its output. */
  docker(...args: string[]): Promise<string>;
  /** Returns the host's address for containers on the default bridge. */
  gateway(): Promise<string>;
}

/** Returns the engine that `npm test` found or started. It has the base images of the templates. */
export function useEngine(): TestEngine {
  const host = usePart('engine');
  async function docker(...args: string[]): Promise<string> {
    const { stdout } = await run(process.env['WORKBENCH_DOCKER'] ?? 'docker', args, {
      // The classic builder: Debian's packages do not include BuildKit.
      env: { ...process.env, DOCKER_HOST: host, DOCKER_BUILDKIT: '0' },
      maxBuffer: 2 ** 26,
    });
    return stdout.trim();
  }
  // Read from a container, because a new engine does not report the gateway of its network.
  async function gateway(): Promise<string> {
    const id = await docker('run', '--detach', 'node:24-slim', 'sleep', '60');
    try {
      const format = '{{.NetworkSettings.Networks.bridge.Gateway}}';
      return await docker('inspect', '--format', format, id);
    } finally {
      await docker('rm', '--force', id);
    }
  }

  return { host, docker, gateway };
}
