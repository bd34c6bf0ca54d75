import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore';
import { expect, test, vi } from 'vitest';
import { echoAgent, useAgent } from '../support/agents.ts';
import { runCommand } from '../support/commands.ts';
import { sessionId, useEmulator } from '../support/emulator.ts';
import { eventually } from '../support/eventually.ts';
import { isAlive } from '../support/processes.ts';
import { botoEnvironment, findPythonPackages } from '../support/python.ts';
import { connectShell, echoCommand } from '../support/shells.ts';

vi.setConfig({ testTimeout: 60_000 });

const id = sessionId('a');

const a = { runtimeSessionId: id };

test('a shell is a terminal on the session’s machine that keeps its state', async () => {
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
  await shell.waitForOutput('terminal\r\n');
  shell.type(echoCommand('$PWD $word $TERM $(stty size)'));
  await shell.waitForOutput('<</ kept xterm-256color 24 80>>');
  const { stdout } = await runCommand(emulator, 'echo $HOME; pwd', a);
  const [home] = stdout.split('\n');
  shell.type(echoCommand('$HOME'));
  await shell.waitForOutput(`<<${home}>>`);
  expect(await emulator.sessions()).toMatchObject([{ sessionId: id, state: 'active' }]);
});

test('programs in a shell receive resizes and Ctrl-C', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const shell = await connectShell(emulator, id);
  shell.type(`trap 'stty size' WINCH; echo re""ady\r`);
  await shell.waitForOutput('ready\r\n');
  shell.send(4, '{"width":100,"height":30}');
  shell.send(4, '{"width":132,"height":43}');
  await eventually(() => {
    shell.type(echoCommand('$(stty size)'));
    return shell.waitForOutput('<<43 132>>');
  });
  // Clients without a terminal send this; it is not an error.
  shell.send(4, '{"width":0,"height":0}');
  shell.send(4, '{"width":-1,"height":43}');
  await eventually(() =>
    expect(shell.platformMessages()).toEqual([
      'RESIZE must be {"width": columns, "height": rows}.\r\n',
    ]),
  );
  shell.type('sleep 9000 || echo inter""rupted $?\r');
  await eventually(async () => {
    shell.type('\x03');
    await new Promise((resolve) => setTimeout(resolve, 100));
    shell.type(echoCommand('free'));
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
] as const)('after %s a shell reports its exit and is removed', async ([line, status]) => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const shell = await connectShell(emulator, id, '?shellId=x');
  shell.type(`${line}\r`);
  expect(await shell.closed).toBe('1000');
  expect(shell.platformMessages().map((text) => JSON.parse(text) as unknown)).toMatchObject([
    status,
  ]);
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]),
  );
  const next = await connectShell(emulator, id, '?shellId=x');
  expect(next.confirmed).toMatchObject({ metadata: { reconnected: false } });
});

test('an invalid shell ID is rejected before a session starts', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  for (const name of ['', '-a', 'a/b', 'a'.repeat(129), 'a%0A']) {
    await expect(connectShell(emulator, id, `?shellId=${name}`)).rejects.toThrow(
      /^400 ValidationException: .*'shellId' failed to satisfy/,
    );
  }
  expect(await emulator.sessions()).toEqual([]);
});

test('CLOSE ends the shell and its programs', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const shell = await connectShell(emulator, id, '?shellId=work');
  shell.type(`trap '' HUP; sleep 9000 & echo "<<"$$ $!">>"\r`);
  await shell.waitForOutput('>>\r\n');
  const pids = /<<(\d+) (\d+)>>/.exec(shell.shown())!.slice(1).map(Number);
  shell.send(0xff);
  expect(await shell.closed).toBe('1000');
  expect(shell.platformMessages()).toEqual(['close']);
  await eventually(() => expect(isAlive(pids[0])).toBe(false));
  await emulator
    .client()
    .send(new StopRuntimeSessionCommand({ agentRuntimeArn: emulator.agent.arn, ...a }));
  await eventually(() => expect(pids.map(isAlive)).toEqual([false, false]));
});

test('the end of a session ends its shells and their detached programs with the reason', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const shell = await connectShell(emulator, id);
  shell.type(`nohup setsid sleep 9000 & sleep 9001 & echo "<<"$$ $!">>"\r`);
  await shell.waitForOutput('>>\r\n');
  const pids = /<<(\d+) (\d+)>>/.exec(shell.shown())!.slice(1).map(Number);
  await emulator
    .client()
    .send(new StopRuntimeSessionCommand({ agentRuntimeArn: emulator.agent.arn, ...a }));
  expect(await shell.closed).toBe('1000');
  expect(shell.platformMessages()).toEqual(['The session ended: stopped.\r\n', 'close']);
  await eventually(() => expect(pids.map(isAlive)).toEqual([false, false]));
});

test('the official Python SDK’s shell types, resizes, reconnects and receives the exit code', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const script = `
import asyncio, sys
from bedrock_agentcore.runtime import AgentCoreRuntimeClient
from bedrock_agentcore.runtime.shell import ReconnectConfig, ShellChannel, ShellSession

url, arn, session_id = sys.argv[1:]

class Local(AgentCoreRuntimeClient):
    # The SDK knows only AWS's hosts, so its signed URL is redirected to the emulator.
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
  expect(findPythonPackages()).not.toBe('');
  expect(stdout).toBe('sdk 5\n');
});
