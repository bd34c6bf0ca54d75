// The container engine as a part of the tests.
import process from 'node:process';
import { resetEngine } from './baseImages.mjs';
import { answeringEngine, canStartEngine, startEngine } from './engine/engine.mjs';

const dockerHost = process.env['DOCKER_HOST'];

/** @type {import('./part.d.ts').Part} */
export const dockerEngine = {
  name: 'container engine',
  packages: dockerHost ? [] : ['docker.io', 'iproute2'],
  hint: dockerHost
    ? `DOCKER_HOST is ${dockerHost}, where none answers to the docker command; start it or unset DOCKER_HOST`
    : 'install Docker, Podman, Finch or Colima with the docker command, and start it',

  async find() {
    const answering = await answeringEngine();
    if (answering) return { environment: environment(answering) };
    // An engine that was asked for by name is not silently replaced.
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
