import { expect, test, vi } from 'vitest';
import { echoAgent, useAgent } from '../support/agents.ts';
import { runCommand } from '../support/commands.ts';
import { sessionId, useEmulator } from '../support/emulator.ts';
import { eventually } from '../support/eventually.ts';
import { connectShell, echoCommand } from '../support/shells.ts';

vi.setConfig({ testTimeout: 60_000 });

const id = sessionId('a');
const a = { runtimeSessionId: id };

test('a reconnected client finds the shell’s state and missed output', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const first = await connectShell(emulator, id, '?shellId=work');
  first.type('word=kept; mkfifo gate; cat gate\r');
  await first.waitForOutput('cat gate\r\n');
  first.socket.terminate();
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]),
  );
  await runCommand(emulator, 'echo mean""while > gate', a);
  const second = await connectShell(emulator, id, '?shellId=work');
  expect(second.confirmed['metadata']).toEqual({ shellId: 'work', reconnected: true });
  await second.waitForOutput('meanwhile\r\n');
  second.type(echoCommand('$word'));
  await second.waitForOutput('<<kept>>');
  const other = await connectShell(emulator, id, '?shellId=other');
  other.type(echoCommand('"$word"'));
  await other.waitForOutput('<<>>');
});

test('the last 256 KB of missed output are kept, and the rest is counted', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const first = await connectShell(emulator, id, '?shellId=work');
  first.type('stty -echo -opost; mkfifo gate; cat gate; echo do""ne > done\r');
  await runCommand(emulator, 'until [ -p gate ]; do sleep 0.01; done', a);
  first.socket.terminate();
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]),
  );
  await runCommand(
    emulator,
    'head -c 1000000 /dev/zero | tr "\\0" x > gate; until [ -s done ]; do sleep 0.01; done',
    a,
  );
  const second = await connectShell(emulator, id, '?shellId=work');
  const { bytesDropped } = second.confirmed['metadata'] as { bytesDropped: number };
  const bufferBytes = 256 * 1024;
  expect(bytesDropped).toBeGreaterThan(1_000_000 - bufferBytes - 1_000);
  await eventually(() => expect(second.shown().length).toBeGreaterThanOrEqual(bufferBytes));
});

test('a second client of a shell replaces the first, which learns the reason', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const first = await connectShell(emulator, id, '?shellId=work');
  const second = await connectShell(emulator, id, '?shellId=work');
  expect(second.confirmed).toMatchObject({ metadata: { reconnected: true } });
  expect(await first.closed).toMatch(/^4000 another client has connected/);
  second.type(echoCommand('mine'));
  await second.waitForOutput('<<mine>>');
});

test('a session accepts ten shell clients, not counting disconnected ones', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const names = Array.from({ length: 10 }, (_, index) => `shell-${index}`);
  await connectShell(emulator, id, `?shellId=${names[0]}`);
  const [leaving] = await Promise.all(
    names.slice(1).map((name) => connectShell(emulator, id, `?shellId=${name}`)),
  );
  await expect(connectShell(emulator, id, '?shellId=eleventh')).rejects.toThrow(
    /^402 ServiceQuotaExceededException: .*10 clients/,
  );
  leaving!.socket.terminate();
  await eventually(() => connectShell(emulator, id, '?shellId=eleventh'));
});

test('an oversized or text frame closes its connection, and the shell survives', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const first = await connectShell(emulator, id, '?shellId=work');
  first.send(0, 'x'.repeat(64 * 1024));
  expect(await first.closed).toMatch(/^1006|^1009/);
  const second = await connectShell(emulator, id, '?shellId=work');
  expect(second.confirmed).toMatchObject({ metadata: { reconnected: true } });
  second.send(5);
  second.send(77, 'of a later protocol');
  second.socket.send(Buffer.alloc(0));
  await eventually(() => expect(second.platformMessages()).toEqual(['heartbeat 1']));
  second.socket.send('hello');
  expect(await second.closed).toMatch(/^1003/);
});

test('a connection lasts an hour, and its shell survives it', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const first = await connectShell(emulator, id, '?shellId=work');
  await emulator.admin('/clock', { advanceSeconds: 3_570 });
  expect(first.socket.readyState).toBe(first.socket.OPEN);
  await emulator.admin('/clock', { advanceSeconds: 30 });
  expect(await first.closed).toBe(
    "1001 exceeded AgentCore's limit of 60 minutes for a WebSocket; reconnect with the same shellId",
  );
  const second = await connectShell(emulator, id, '?shellId=work');
  expect(second.confirmed).toMatchObject({ metadata: { reconnected: true } });
});

test('a client that does not read pauses only its own shell', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const slow = await connectShell(emulator, id, '?shellId=slow');
  slow.type('stty -echo; yes\r');
  await slow.waitForOutput('y\r\ny\r\n');
  slow.socket.pause();
  const quick = await connectShell(emulator, id, '?shellId=quick');
  quick.type(echoCommand('here'));
  await quick.waitForOutput('<<here>>');
  slow.socket.resume();
  slow.type('\x03');
  await eventually(() => {
    slow.type(echoCommand('free'));
    expect(slow.shown()).toMatch(/<<free>>/);
  });
});

test('a client whose input is not read is disconnected, and the shell survives', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const first = await connectShell(emulator, id, '?shellId=work');
  first.type('stty raw -echo; sleep 9000\r');
  await runCommand(emulator, 'until pgrep -f "sleep 9000"; do sleep 0.01; done', a);
  for (let sent = 0; sent < 200; sent += 1) first.send(0, 'x'.repeat(60_000));
  expect(await first.closed).toMatch(/^1009 no program in the shell reads/);
  const second = await connectShell(emulator, id, '?shellId=work');
  expect(second.confirmed).toMatchObject({ metadata: { reconnected: true } });
});
