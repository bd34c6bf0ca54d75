import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, test, vi } from 'vitest';
import { echoAgent, useAgent } from '../support/agents.ts';
import { runCommand } from '../support/commands.ts';
import { sessionId, useEmulator } from '../support/emulator.ts';
import { eventually } from '../support/eventually.ts';
import { isAlive } from '../support/processes.ts';
import { botoEnvironment, pythonPackages } from '../support/python.ts';
import { connectShell } from '../support/shells.ts';

vi.setConfig({ testTimeout: 60_000 });

const id = sessionId('a');
const a = { runtimeSessionId: id };

/** Says itself what it shows, so that the echo of what is typed is not taken for it. */
const say = (expression: string) => `echo "<<"${expression}">>"\r`;

test('a shell is a terminal in the session’s machine, and keeps its state from line to line', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const shell = await connectShell(emulator, id, '?shellId=debug');
  expect(shell.confirmed).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: { shellId: 'debug', reconnected: false },
    status: 'Success',
  });
  expect(shell.headers).toMatchObject({
    'x-amzn-bedrock-agentcore-runtime-session-id': id,
    'x-amzn-bedrock-agentcore-shell-id': 'debug',
  });
  shell.type('cd /; word=kept; test -t 0 && test -t 1 && echo ter""minal\r');
  await shell.sees('terminal\r\n');
  shell.type(say('$PWD $word $TERM $(stty size)'));
  await shell.sees('<</ kept xterm-256color 24 80>>');
  const { stdout } = await runCommand(emulator, 'echo $HOME; pwd', a);
  const [home] = stdout.split('\n');
  shell.type(say('$HOME'));
  await shell.sees(`<<${home}>>`);
  expect(await emulator.sessions()).toMatchObject([{ sessionId: id, state: 'active' }]);
});

test('what runs in a shell learns of a new size, and Ctrl-C reaches it', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const shell = await connectShell(emulator, id);
  shell.type(`trap 'stty size' WINCH; echo re""ady\r`);
  await shell.sees('ready\r\n');
  shell.send(4, '{"width":100,"height":30}');
  shell.send(4, '{"width":132,"height":43}');
  await eventually(() => {
    shell.type(say('$(stty size)'));
    return shell.sees('<<43 132>>');
  });
  // Who is in no terminal sends this; it is no mistake.
  shell.send(4, '{"width":0,"height":0}');
  shell.send(4, '{"width":-1,"height":43}');
  await eventually(() =>
    expect(shell.said()).toEqual(['RESIZE takes {"width": columns, "height": rows}.\r\n']),
  );
  shell.type('sleep 9000 || echo inter""rupted $?\r');
  await eventually(async () => {
    shell.type('\x03');
    await new Promise((resolve) => setTimeout(resolve, 100));
    shell.type(say('free'));
    expect(shell.shown()).toMatch(/<<free>>/);
  });
});

test.for([
  ['exit 0', { status: 'Success', metadata: {} }],
  [
    'exit 3',
    {
      status: 'Failure',
      reason: 'NonZeroExitCode',
      message: 'command terminated with exit code 3',
      details: { causes: [{ reason: 'ExitCode', message: '3' }] },
    },
  ],
  [
    'kill -KILL $$',
    {
      details: {
        causes: [
          { reason: 'ExitCode', message: '137' },
          { reason: 'Signal', message: '9' },
        ],
      },
    },
  ],
] as const)('after %s a shell tells its exit and is gone', async ([line, status]) => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const shell = await connectShell(emulator, id, '?shellId=x');
  shell.type(`${line}\r`);
  expect(await shell.closed).toBe('1000');
  expect(shell.said().map((text) => JSON.parse(text) as unknown)).toMatchObject([status]);
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]),
  );
  const next = await connectShell(emulator, id, '?shellId=x');
  expect(next.confirmed).toMatchObject({ metadata: { reconnected: false } });
});

test('who comes back finds the shell as it was, and what it showed meanwhile', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const first = await connectShell(emulator, id, '?shellId=work');
  first.type('word=kept; mkfifo gate; cat gate\r');
  await first.sees('cat gate\r\n');
  first.socket.terminate();
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]),
  );
  await runCommand(emulator, 'echo mean""while > gate', a);
  const second = await connectShell(emulator, id, '?shellId=work');
  expect(second.confirmed['metadata']).toEqual({ shellId: 'work', reconnected: true });
  await second.sees('meanwhile\r\n');
  second.type(say('$word'));
  await second.sees('<<kept>>');
  const other = await connectShell(emulator, id, '?shellId=other');
  other.type(say('"$word"'));
  await other.sees('<<>>');
});

test('of what nobody saw the last 256 KB are kept, and the rest is counted', async () => {
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
  const kept = 256 * 1024;
  expect(bytesDropped).toBeGreaterThan(1_000_000 - kept - 1_000);
  await eventually(() => expect(second.shown().length).toBeGreaterThanOrEqual(kept));
});

test('a second client of a shell takes the first one’s place, which is told so', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const first = await connectShell(emulator, id, '?shellId=work');
  const second = await connectShell(emulator, id, '?shellId=work');
  expect(second.confirmed).toMatchObject({ metadata: { reconnected: true } });
  expect(await first.closed).toMatch(/^4000 another client has connected/);
  second.type(say('mine'));
  await second.sees('<<mine>>');
});

test('a session takes ten clients of shells, and those that have left are not counted', async () => {
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

test('a name that is none is refused before there is a session', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  for (const name of ['', '-a', 'a/b', 'a'.repeat(129), 'a%0A']) {
    await expect(connectShell(emulator, id, `?shellId=${name}`)).rejects.toThrow(
      /^400 ValidationException: .*'shellId' failed to satisfy/,
    );
  }
  expect(await emulator.sessions()).toEqual([]);
});

test('a frame that is too long closes its connection, a text is refused, and the shell stays', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const first = await connectShell(emulator, id, '?shellId=work');
  first.send(0, 'x'.repeat(64 * 1024));
  expect(await first.closed).toMatch(/^1006|^1009/);
  const second = await connectShell(emulator, id, '?shellId=work');
  expect(second.confirmed).toMatchObject({ metadata: { reconnected: true } });
  second.send(5);
  second.send(77, 'of a later protocol');
  second.socket.send(Buffer.alloc(0));
  await eventually(() => expect(second.said()).toEqual(['heartbeat 1']));
  second.socket.send('hello');
  expect(await second.closed).toMatch(/^1003/);
});

test('CLOSE ends the shell with what runs in it', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const shell = await connectShell(emulator, id, '?shellId=work');
  shell.type(`trap '' HUP; sleep 9000 & echo "<<"$$ $!">>"\r`);
  await shell.sees('>>\r\n');
  const pids = /<<(\d+) (\d+)>>/.exec(shell.shown())!.slice(1).map(Number);
  shell.send(0xff);
  expect(await shell.closed).toBe('1000');
  expect(shell.said()).toEqual(['close']);
  await eventually(() => expect(isAlive(pids[0])).toBe(false));
  await emulator
    .client()
    .send(new StopRuntimeSessionCommand({ agentRuntimeArn: emulator.agent.arn, ...a }));
  await eventually(() => expect(pids.map(isAlive)).toEqual([false, false]));
});

test('a connection lasts an hour by the clock, and its shell longer', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const first = await connectShell(emulator, id, '?shellId=work');
  await emulator.admin('/clock', { advanceSeconds: 3_599 });
  expect(first.socket.readyState).toBe(first.socket.OPEN);
  await emulator.admin('/clock', { advanceSeconds: 1 });
  expect(await first.closed).toBe(
    '1001 the 60 minutes that AgentCore gives a web socket are over; connect again with the same shellId',
  );
  const second = await connectShell(emulator, id, '?shellId=work');
  expect(second.confirmed).toMatchObject({ metadata: { reconnected: true } });
});

test('the end of a session ends its shells, wherever what they started hid, and says why', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const shell = await connectShell(emulator, id);
  shell.type(`nohup setsid sleep 9000 & sleep 9001 & echo "<<"$$ $!">>"\r`);
  await shell.sees('>>\r\n');
  const pids = /<<(\d+) (\d+)>>/.exec(shell.shown())!.slice(1).map(Number);
  await emulator
    .client()
    .send(new StopRuntimeSessionCommand({ agentRuntimeArn: emulator.agent.arn, ...a }));
  expect(await shell.closed).toBe('1000');
  expect(shell.said()).toEqual(['The session ended: stopped.\r\n', 'close']);
  await eventually(() => expect(pids.map(isAlive)).toEqual([false, false]));
});

test('a client that does not read holds back its shell, and the others go on', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const slow = await connectShell(emulator, id, '?shellId=slow');
  slow.type('stty -echo; yes\r');
  await slow.sees('y\r\ny\r\n');
  slow.socket.pause();
  const quick = await connectShell(emulator, id, '?shellId=quick');
  quick.type(say('here'));
  await quick.sees('<<here>>');
  slow.socket.resume();
  slow.type('\x03');
  await eventually(() => {
    slow.type(say('free'));
    expect(slow.shown()).toMatch(/<<free>>/);
  });
});

test('who types what nothing reads is closed, and the shell stays', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const first = await connectShell(emulator, id, '?shellId=work');
  first.type('stty raw -echo; sleep 9000\r');
  await runCommand(emulator, 'until pgrep -f "sleep 9000"; do sleep 0.01; done', a);
  for (let sent = 0; sent < 200; sent += 1) first.send(0, 'x'.repeat(60_000));
  expect(await first.closed).toMatch(/^1009 nothing in the shell reads/);
  const second = await connectShell(emulator, id, '?shellId=work');
  expect(second.confirmed).toMatchObject({ metadata: { reconnected: true } });
});

test('the official Python SDK’s shell types, resizes, comes back and learns the exit', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const script = `
import asyncio, sys
from bedrock_agentcore.runtime import AgentCoreRuntimeClient
from bedrock_agentcore.runtime.shell import ReconnectConfig, ShellChannel, ShellSession

url, arn, session_id = sys.argv[1:]

class Local(AgentCoreRuntimeClient):
    # It knows AWS's hosts only, so its signed address is led here.
    def connect_shell(self, *args, **options):
        address, headers = super().connect_shell(*args, **options)
        headers.pop("Host", None)
        return address.replace("wss://bedrock-agentcore.us-east-1.amazonaws.com", url), headers

async def main():
    again = ReconnectConfig(base_delay=0.05)
    async with Local("us-east-1").open_shell(arn, session_id=session_id, shell_id="sdk", reconnect_config=again) as shell:
        await shell.resize(100, 30)
        await shell.send("word=kept; echo '<<'$(stty size)'>>'\\n")
        shown = ""
        dropped = False
        async for frame in shell:
            if frame.channel != ShellChannel.STDOUT:
                continue
            shown += frame.text
            if "<<30 100>>" in shown and not dropped:
                dropped = True
                shell._ws.transport.abort()
                while not shell._ws.close_code:
                    await asyncio.sleep(0.01)
                asyncio.get_running_loop().call_later(0.5, lambda: asyncio.ensure_future(shell.send("echo '<<'$word'>>'; exit 5\\n")))
        assert "<<kept>>" in shown, shown
        print(shell.shell_id, shell.exit_code)

asyncio.run(main())
`;
  const { stdout } = await promisify(execFile)(
    'python3',
    ['-c', script, emulator.url.replace('http', 'ws'), emulator.agent.arn, id],
    { env: botoEnvironment(emulator.url), timeout: 40_000 },
  );
  expect(pythonPackages()).not.toBe('');
  expect(stdout).toBe('sdk 5\n');
});
