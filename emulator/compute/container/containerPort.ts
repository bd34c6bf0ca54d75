import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { AgentCode } from '../compute.ts';
import { explainOtherPorts, listeningSockets } from '../listeningSockets.ts';

/** Interval between attempts to reach the agent while it starts. */
const POLL_MILLISECONDS = 2;

/** Time for the agent to answer one attempt. */
const PROBE_MILLISECONDS = 1_000;

/** Time to read the sockets for an error message. */
const SOCKETS_MILLISECONDS = 2_000;

/** The engine may run a proxy for each published port, so a container publishes at most this many. */
const MAX_PUBLISHED_PORTS = 64;

/** Returns the ports that a container publishes: the contract's, and the first allowed ones. */
export function publishedPorts({
  contractPort,
  allowedPorts = [],
}: Pick<AgentCode, 'contractPort' | 'allowedPorts'>): number[] {
  const ports = new Set([contractPort]);
  for (const { from, to } of allowedPorts) {
    for (let port = from; port <= to && ports.size < MAX_PUBLISHED_PORTS; port += 1)
      ports.add(port);
  }
  return [...ports];
}

/** Returns the port of this machine at which a container's port is published; null if it is not. */
export async function findPublishedPort(
  container: Docker.Container,
  port: number,
): Promise<number | null> {
  const { NetworkSettings } = await container.inspect();
  return Number(NetworkSettings.Ports[`${port}/tcp`]?.[0]?.HostPort) || null;
}

/** Resolves with the published port once the agent listens; never settles otherwise. */
export async function portWhenOpen(
  container: Docker.Container,
  contractPort: number,
  isOver: () => boolean,
): Promise<number> {
  const port = (await findPublishedPort(container, contractPort)) ?? Number.NaN;
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
