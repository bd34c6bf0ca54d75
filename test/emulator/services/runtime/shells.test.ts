import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Terminal } from '../../../../emulator/compute/compute.ts';
import type { Session } from '../../../../emulator/services/runtime/session.ts';
import { createShells } from '../../../../emulator/services/runtime/shells/shells.ts';
import type { SocketBridge } from '../../../../emulator/services/runtime/socketBridge.ts';

/** What became of a client of a shell. */
interface Visit {
  readonly outcome: Promise<string>;
  readonly joined: Promise<SocketBridge>;
  /** Cuts its connection off; resolves when that has been noticed. */
  cut(): Promise<unknown>;
}

/** Shells of one session behind a port; its terminals are opened when the test says so. */
async function useShells({ frame = 65_536, isOpen = Promise.resolve() } = {}) {
  const hungUp: number[] = [];
  const terminals: PassThrough[] = [];
  const session = {
    id: 'a',
    instance: {
      async openTerminal(): Promise<Terminal> {
        await isOpen;
        const output = new PassThrough();
        const number = terminals.push(output) - 1;
        return {
          output,
          input: new PassThrough(),
          resize: () => Promise.resolve(),
          exited: new Promise(() => {}),
          hangUp: () => void hungUp.push(number),
        };
      },
    },
    record() {},
    life: () => ({ reason: null }),
  } as unknown as Session;
  const shells = createShells({ frame });
  const visits: Visit[] = [];
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  server.on('upgrade', (request, socket, head) => {
    const { promise: joined, resolve: join } = Promise.withResolvers<SocketBridge>();
    const name = request.url!.slice(1);
    const outcome = shells.connect(session, name, request, socket, head, join);
    outcome.catch(() => {});
    socket.on('error', () => {});
    visits.push({ outcome, joined, cut: () => once(socket.destroy(), 'close') });
  });
  await once(server, 'listening');

  async function connect(name: string): Promise<Visit & { readonly client: WebSocket }> {
    const { port } = server.address() as AddressInfo;
    const asked = once(server, 'upgrade');
    const client = new WebSocket(`ws://127.0.0.1:${port}/${name}`);
    client.on('error', () => {});
    onTestFinished(() => client.terminate());
    await asked;
    return { client, ...visits.at(-1)! };
  }
  return {
    connect,
    hungUp,
    terminals,
    async visit(name: string) {
      const { client, joined, outcome } = await connect(name);
      await joined;
      client.terminate();
      await outcome;
    },
  };
}

test('clients that leave while their shell is being opened are counted out', async () => {
  const opening = Promise.withResolvers<void>();
  const { connect } = await useShells({ isOpen: opening.promise });
  const outcomes: Promise<string>[] = [];
  for (let number = 0; number < 10; number += 1) {
    const { cut, outcome } = await connect(`shell-${number}`);
    await cut();
    outcomes.push(outcome);
  }
  const eleventh = await connect('eleventh');
  await expect(eleventh.outcome).rejects.toThrow(/^10 clients are connected/);
  opening.resolve();
  for (const outcome of outcomes) await expect(outcome).rejects.toThrow('the caller went away');
  await (
    await connect('next')
  ).joined;
});

test('a session has ten shells: for one more, the one is ended that was left the longest time ago', async () => {
  const { visit, hungUp, connect } = await useShells();
  for (let number = 0; number < 10; number += 1) await visit(`shell-${number}`);
  expect(hungUp).toEqual([]);
  await visit('shell-0');
  await (
    await connect('shell-1')
  ).joined;
  await visit('one more');
  expect(hungUp).toEqual([2]);
  await visit('and one more');
  expect(hungUp).toEqual([2, 3]);
});

test('a shell’s frames are no longer than the limit, and longer ones close the connection', async () => {
  const { connect, terminals } = await useShells({ frame: 10 });
  const { client, joined, outcome } = await connect('work');
  const lengths: number[] = [];
  client.on('message', (data: Buffer) => {
    if (data[0] === 1) lengths.push(data.length);
  });
  await joined;
  terminals[0]!.write('x'.repeat(25));
  await expect.poll(() => lengths).toEqual([10, 10, 8]);
  client.send(Buffer.alloc(11));
  const [code] = (await once(client, 'close')) as [number];
  expect(code).toBe(1009);
  expect(await outcome).toMatch(/its client left/);
});
