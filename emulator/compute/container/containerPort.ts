import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { explainOtherPorts, listeningSockets } from '../listeningSockets.ts';

/** How often the agent's port is tried while it starts. */
const LOOK_MILLISECONDS = 2;

/** How long an agent may take to answer whoever looks whether it listens. */
const PROBE_MILLISECONDS = 1_000;

/** How long what is looked up for a message may take. */
const LOOK_UP_MILLISECONDS = 2_000;

/** Where the contract's port is published, once the agent listens on it; pends until then. */
export async function portWhenOpen(
  container: Docker.Container,
  contractPort: number,
  isOver: () => boolean,
): Promise<number> {
  const { NetworkSettings } = await container.inspect();
  const port = Number(NetworkSettings.Ports[`${contractPort}/tcp`]?.[0]?.HostPort);
  while (!isOver()) {
    if (await answers(port)) return port;
    await sleep(LOOK_MILLISECONDS);
  }
  return new Promise(() => {});
}

// The engine accepts connections to a published port whether or not anything listens behind it, so
// only an answer tells; or a connection that stays open, for an agent that is slow.
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request(
      { host: '127.0.0.1', port, path: '/ping', agent: false, timeout: PROBE_MILLISECONDS },
      (answer) => {
        answer.resume();
        resolve(true);
      },
    );
    call.once('timeout', () => {
      resolve(true);
      call.destroy();
    });
    // A switch of protocols is an answer, too.
    call.once('upgrade', (_answer, socket) => {
      resolve(true);
      socket.destroy();
    });
    // What is no HTTP is an answer all the same; what is wrong with it the first ping says.
    call.on('error', ({ code }: NodeJS.ErrnoException) => {
      resolve(code?.startsWith('HPE_') ?? false);
    });
    call.end();
  });
}

/** What a container has open while nobody reaches its agent. */
export async function readSockets(container: Docker.Container): Promise<string> {
  const abortSignal = AbortSignal.timeout(LOOK_UP_MILLISECONDS);
  const Cmd = ['cat', '/proc/net/tcp', '/proc/net/tcp6'];
  const exec = await container.exec({ Cmd, AttachStdout: true, abortSignal });
  const chunks: Buffer[] = [];
  for await (const chunk of await exec.start({ abortSignal })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

/** Why nobody reaches an agent on its contract's port, by the sockets of its container. */
export function explainSockets(tables: string, contractPort: number): string | null {
  const sockets = listeningSockets(tables);
  if (sockets.some(({ port }) => port === contractPort)) {
    return `It listens on port ${contractPort} of 127.0.0.1 only, which nothing outside its container reaches; let it listen on 0.0.0.0.`;
  }
  return explainOtherPorts(
    sockets.map(({ port }) => port),
    contractPort,
  );
}
