import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { explainOtherPorts, listeningSockets } from '../listeningSockets.ts';

/** Interval between attempts to reach the agent while it starts. */
const POLL_MILLISECONDS = 2;

/** Time for the agent to answer one attempt. */
const PROBE_MILLISECONDS = 1_000;

/** Time to read the sockets for an error message. */
const SOCKETS_MILLISECONDS = 2_000;

/** Resolves with the published port once the agent listens; never settles otherwise. */
export async function portWhenOpen(
  container: Docker.Container,
  contractPort: number,
  isOver: () => boolean,
): Promise<number> {
  const { NetworkSettings } = await container.inspect();
  const port = Number(NetworkSettings.Ports[`${contractPort}/tcp`]?.[0]?.HostPort);
  while (!isOver()) {
    if (await answers(port)) return port;
    await sleep(POLL_MILLISECONDS);
  }
  return new Promise(() => {});
}

// The engine accepts connections to a published port even if nothing listens behind it. So only a
// response counts, or a connection that stays open, for a slow agent.
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
    // A protocol upgrade is a response, too.
    call.once('upgrade', (_answer, socket) => {
      resolve(true);
      socket.destroy();
    });
    // Invalid HTTP is also a response; the first ping reports what is wrong with it.
    call.on('error', ({ code }: NodeJS.ErrnoException) => {
      resolve(code?.startsWith('HPE_') ?? false);
    });
    call.end();
  });
}

/** Reads the socket tables of a container whose agent cannot be reached. */
export async function readSockets(container: Docker.Container): Promise<string> {
  const abortSignal = AbortSignal.timeout(SOCKETS_MILLISECONDS);
  const Cmd = ['cat', '/proc/net/tcp', '/proc/net/tcp6'];
  const exec = await container.exec({ Cmd, AttachStdout: true, abortSignal });
  const chunks: Buffer[] = [];
  for await (const chunk of await exec.start({ abortSignal })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

/** Explains why an agent cannot be reached, from its container's sockets. */
export function explainSockets(tables: string, contractPort: number): string | null {
  const sockets = listeningSockets(tables);
  if (sockets.some(({ port }) => port === contractPort)) {
    return `It listens on port ${contractPort} of the loopback interface only, which cannot be reached from outside the container. Make it listen on 0.0.0.0.`;
  }
  return explainOtherPorts(
    sockets.map(({ port }) => port),
    contractPort,
  );
}
