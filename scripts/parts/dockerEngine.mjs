// The container engine that tests use: the developer's engine, or one that the test run starts.
import process from 'node:process';
import { resetEngine } from './baseImages.mjs';
import { findRunningEngine, canStartEngine, startEngine } from './engine/engine.mjs';

const dockerHost = process.env['DOCKER_HOST'];

/** @type {import('./part.d.ts').TestPart} */
export const dockerEngine = {
  name: 'container engine',
  packages: dockerHost ? [] : ['docker.io', 'iproute2'],
  hint: dockerHost
    ? `no engine answers at DOCKER_HOST (${dockerHost}); start it or unset DOCKER_HOST`
    : 'install Docker, Podman, Finch or Colima with the docker command, and start it',

  async find() {
    const running = await findRunningEngine();
    if (running) return { environment: environment(running) };
    // Do not replace an engine that DOCKER_HOST names explicitly.
    if (dockerHost || !canStartEngine()) return undefined;
    return {
      async start() {
        const engine = await startEngine();
        await resetEngine(engine);
        const { within, end } = engine;
        return { environment: environment(engine), within, end };
      },
    };
  },
};

/** @param {import('./engine/engine.mjs').Engine} engine */
function environment({ host, cli }) {
  return { DOCKER_HOST: host, WORKBENCH_DOCKER: cli };
}
