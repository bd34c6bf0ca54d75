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

/** A connection of a client to a shell. */
interface ShellConnection {
  readonly outcome: Promise<string>;
  readonly joined: Promise<SocketBridge>;
  /** Drops the connection; resolves when the server has noticed. */
  drop(): Promise<unknown>;
}

/** Serves the shells of one session. Its terminals open when `opened` resolves. */
async function useShells({ frame = 65_536, opened = Promise.resolve() } = {}) {
  const hungUp: number[] = [];
  const terminals: PassThrough[] = [];
  const session = {
    id: 'a',
    instance: {
      async openTerminal(): Promise<Terminal> {
        await opened;
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
  const connections: ShellConnection[] = [];
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  server.on('upgrade', (request, socket, head) => {
    const { promise: joined, resolve: join } = Promise.withResolvers<SocketBridge>();
    const name = request.url!.slice(1);
    const outcome = shells.connect(session, name, request, socket, head, join);
    outcome.catch(() => {});
    socket.on('error', () => {});
    connections.push({ outcome, joined, drop: () => once(socket.destroy(), 'close') });
  });
  await once(server, 'listening');

  async function connect(name: string): Promise<ShellConnection & { readonly client: WebSocket }> {
    const { port } = server.address() as AddressInfo;
    const upgraded = once(server, 'upgrade');
    const client = new WebSocket(`ws://127.0.0.1:${port}/${name}`);
    client.on('error', () => {});
    onTestFinished(() => client.terminate());
    await upgraded;
    return { client, ...connections.at(-1)! };
  }
  return {
    connect,
    hungUp,
    terminals,
    async connectAndDrop(name: string) {
      const { client, joined, outcome } = await connect(name);
      await joined;
      client.terminate();
      await outcome;
    },
  };
}

test('Clients that disconnect while their shell opens free their place', async () => {
  const opening = Promise.withResolvers<void>();
  const { connect } = await useShells({ opened: opening.promise });
  const outcomes: Promise<string>[] = [];
  for (let number = 0; number < 10; number += 1) {
    const { drop, outcome } = await connect(`shell-${number}`);
    await drop();
    outcomes.push(outcome);
  }
  const eleventh = await connect('eleventh');
  await expect(eleventh.outcome).rejects.toThrow(/^10 clients are connected/);
  opening.resolve();
  for (const outcome of outcomes) await expect(outcome).rejects.toThrow('The caller disconnected');
  await (
    await connect('next')
  ).joined;
});

test('A session has ten shells; an eleventh ends the shell that was disconnected the longest', async () => {
  const { connectAndDrop, hungUp, connect } = await useShells();
  for (let number = 0; number < 10; number += 1) await connectAndDrop(`shell-${number}`);
  expect(hungUp).toEqual([]);
  await connectAndDrop('shell-0');
  await (
    await connect('shell-1')
  ).joined;
  await connectAndDrop('one more');
  expect(hungUp).toEqual([2]);
  await connectAndDrop('and one more');
  expect(hungUp).toEqual([2, 3]);
});

test('A shell’s frames respect the limit, and longer frames of a client close the connection', async () => {
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
  expect(await outcome).toMatch(/The client disconnected/);
});
