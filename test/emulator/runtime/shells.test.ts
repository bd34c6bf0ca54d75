import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { CannotStart, type Terminal } from '../../../emulator/compute/compute.ts';
import { createClock } from '../../../emulator/clock.ts';
import type { Session } from '../../../emulator/runtime/session.ts';
import { createShells } from '../../../emulator/runtime/shells/shells.ts';

/** A session whose terminals open when the test says so. */
function useSlowSession() {
  const opening = Promise.withResolvers<Terminal>();
  const session = {
    id: 'a',
    instance: { openTerminal: () => opening.promise },
    record() {},
    life: () => ({ reason: null }),
  } as unknown as Session;
  const clock = createClock({ offset: 0, notBefore: 0, onError: () => {} });
  onTestFinished(() => clock.close());
  return { opening, session, shells: createShells({ clock }) };
}

const terminal: Terminal = {
  output: new PassThrough(),
  input: new PassThrough(),
  resize: () => Promise.resolve(),
  exited: new Promise(() => {}),
  hangUp() {},
};

/** A connection to nobody, as the server has it. */
async function useSocket(): Promise<Socket> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const near = connect(server.address() as { port: number });
  onTestFinished(() => void near.destroy());
  const [far] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => void far.destroy());
  return far;
}

const handshake = {
  method: 'GET',
  headers: {
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  },
} as unknown as IncomingMessage;

test('clients that leave while their shell is being opened are counted out', async () => {
  const { opening, session, shells } = useSlowSession();
  const head = Buffer.alloc(0);
  const connecting: Promise<string>[] = [];
  for (let number = 0; number < 10; number += 1) {
    const socket = await useSocket();
    const connected = shells.connect(session, `shell-${number}`, handshake, socket, head);
    connected.catch(() => {});
    connecting.push(connected);
    socket.destroy();
    await once(socket, 'close');
  }
  const gone = Promise.allSettled(connecting);
  opening.resolve(terminal);
  expect((await gone).map(({ status }) => status)).toEqual(Array(10).fill('rejected'));

  // There is room again: what is refused now is refused for another reason.
  session.instance.openTerminal = () => Promise.reject(new CannotStart('no terminal'));
  const next = shells.connect(session, 'next', handshake, await useSocket(), head);
  await expect(next).rejects.toThrow(/No shell: no terminal/);
});
