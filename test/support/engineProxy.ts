import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { useFolder } from './agents.ts';
import { findEngineSocket } from './containers.ts';

/** A proxy in front of the test engine that simulates outages. */
export interface EngineProxy {
  comeBack(): Promise<void>;
  goAway(): Promise<void>;
  /** Accepts connections and calls, but returns no responses until `goOn`. */
  hang(): void;
  /** Resolves on the next new connection. */
  called(): Promise<void>;
  /** Forwards the calls that were held since `hang`. */
  goOn(): void;
  /** Forwards the next matching call, closes all connections instead of responding, and resolves. */
  loseAnswer(call: RegExp): Promise<void>;
}

/** Creates a proxy that is not listening yet, and sets DOCKER_HOST to it. */
export async function useEngineProxy(): Promise<EngineProxy> {
  const path = join(await useFolder(), 'engine.sock');
  vi.stubEnv('DOCKER_HOST', `unix://${path}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const sockets = new Set<Socket>();
  const pairs = new Set<readonly [Socket, Socket]>();
  let hangs = false;
  let losing: { readonly call: RegExp; readonly lost: () => void } | null = null;
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path: findEngineSocket(), allowHalfOpen: true });
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
