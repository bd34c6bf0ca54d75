import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { useFolder } from './agents.ts';
import { engineSocket } from './containers.ts';

/** The test set-up's engine behind a socket of our own, by which it can go away and come back. */
export interface EngineProxy {
  comeBack(): Promise<void>;
  goAway(): Promise<void>;
}

/** Leads what is started from now on to an engine that is away. */
export async function useEngineProxy(): Promise<EngineProxy> {
  const path = join(await useFolder(), 'engine.sock');
  vi.stubEnv('DOCKER_HOST', `unix://${path}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path: engineSocket(), allowHalfOpen: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  const proxy: EngineProxy = {
    comeBack: () => new Promise((resolve) => server.listen(path, resolve)),
    goAway: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  onTestFinished(async () => {
    if (server.listening) await proxy.goAway();
  });
  return proxy;
}
