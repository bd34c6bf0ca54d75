import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { useFolder } from './agents.ts';
import { engineSocket } from './containers.ts';

/** The test set-up's engine behind a socket of our own, by which it can go away and come back. */
export interface EngineProxy {
  comeBack(): Promise<void>;
  goAway(): Promise<void>;
  /** From now on it takes connections and calls, and answers nothing. */
  hang(): void;
  /** Resolves when somebody calls it anew. */
  called(): Promise<void>;
  /** What was asked meanwhile is answered after all. */
  goOn(): void;
  /** Does what the next such call asks, goes away instead of answering, and then resolves. */
  loseAnswer(call: RegExp): Promise<void>;
}

/** Leads what is started from now on to an engine that is away. */
export async function useEngineProxy(): Promise<EngineProxy> {
  const path = join(await useFolder(), 'engine.sock');
  vi.stubEnv('DOCKER_HOST', `unix://${path}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const sockets = new Set<Socket>();
  const pairs = new Set<readonly [Socket, Socket]>();
  let hangs = false;
  let losing: { readonly call: RegExp; readonly lost: () => void } | null = null;
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path: engineSocket(), allowHalfOpen: true });
    near.on('data', (chunk: Buffer) => {
      if (!losing?.call.test(chunk.toString('latin1'))) return;
      const { lost } = losing;
      losing = null;
      far.unpipe(near);
      far.once('data', () => void proxy.goAway().then(lost)).resume();
    });
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
      if (hangs) from.pause();
      else from.pipe(to);
    }
    const pair = [near, far] as const;
    pairs.add(pair);
    near.once('close', () => pairs.delete(pair));
  });
  const proxy: EngineProxy = {
    comeBack: () => new Promise((resolve) => server.listen(path, resolve)),
    goAway: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    hang() {
      hangs = true;
      for (const socket of sockets) socket.unpipe();
    },
    called: () => new Promise((resolve) => server.once('connection', () => resolve())),
    goOn() {
      hangs = false;
      for (const [near, far] of pairs) near.pipe(far).pipe(near);
    },
    loseAnswer: (call) => new Promise((lost) => (losing = { call, lost })),
  };
  onTestFinished(async () => {
    if (server.listening) await proxy.goAway();
  });
  return proxy;
}
