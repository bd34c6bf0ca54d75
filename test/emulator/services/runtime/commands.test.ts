import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { StopRuntimeSessionCommand, ValidationException } from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { createOutputText } from '../../../../emulator/services/runtime/commands/outputText.ts';
import { echoAgent, serverAgent, useAgent } from '../../../support/agents.ts';
import { commandEvents, runCommand } from '../../../support/commands.ts';
import { sessionId, useEmulator, type TestEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';
import { isAlive } from '../../../support/processes.ts';

const a = { runtimeSessionId: sessionId('a') };

/** Returns its folders and its process ID. */
const folderAgent = serverAgent(
  `if (url === '/invocations') {
    await writeFile('left.txt', 'by the agent');
    return json(response, { cwd: process.cwd(), home: homedir(), tmp: process.env.TMPDIR, pid: process.pid });
  }
  if (url === '/exit') process.exit(3);`,
  `import { writeFile } from 'node:fs/promises';
   import { homedir } from 'node:os';`,
);

const stopSession = ({ client, agent }: TestEmulator, { runtimeSessionId }: typeof a) =>
  client().send(new StopRuntimeSessionCommand({ agentRuntimeArn: agent.arn, runtimeSessionId }));

test('A command starts its session if needed and returns its output and exit code', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const result = await runCommand(emulator, 'echo out; echo err >/dev/stderr; exit 7', a);
  expect(result).toEqual({ stdout: 'out\n', stderr: 'err\n', exitCode: 7, status: 'COMPLETED' });
  expect(await emulator.sessions()).toMatchObject([
    { sessionId: a.runtimeSessionId, run: 1, state: 'idle' },
  ]);
  expect(await emulator.timeline(a.runtimeSessionId)).toContainEqual(
    expect.objectContaining({
      type: 'invocation',
      outcome: expect.stringMatching(/^The command ended with exit code 7\. Command: echo out;/),
    }),
  );
});

test('A command has the folder, files, environment and port of its session’s agent', async () => {
  const source = await useAgent(folderAgent, { environment: { FLAVOUR: 'sweet' } });
  const emulator = await useEmulator({ agents: [source] });
  const { cwd, home, tmp, pid } = await emulator.invoke(a);
  const ask = `fetch('http://localhost:8080/ping').then((r) => r.json()).then((p) => console.log(p.status))`;
  const { stdout } = await runCommand(
    emulator,
    `pwd; echo $HOME; echo $TMPDIR; echo $FLAVOUR; cat left.txt; echo; kill -0 ${String(pid)} && echo beside; node -e "${ask}"`,
    a,
  );
  const lines = [cwd, home, tmp, 'sweet', 'by the agent', 'beside', 'Healthy', ''];
  expect(stdout.split('\n')).toEqual(lines);
});

test('A command has the session’s storage and the rest of its /mnt', async () => {
  const agent = serverAgent(
    `if (url === '/invocations') return json(response, { note: readFileSync('/mnt/data/note', 'utf8') });`,
    `import { readFileSync } from 'node:fs';`,
  );
  const emulator = await useEmulator({
    agents: [await useAgent(agent, { mounts: ['/mnt/data'] })],
  });
  await runCommand(emulator, 'echo kept > /mnt/data/note; echo beside > /mnt/beside', a);
  const { stdout } = await runCommand(emulator, 'cat /mnt/data/note /mnt/beside', a);
  expect(stdout).toBe('kept\nbeside\n');
  expect(await emulator.invoke(a)).toEqual({ note: 'kept\n' });
});

test('Each command is a new bash process, and its files remain for the next command', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  await runCommand(emulator, 'word=lost; export WORD=lost; cd /; echo kept > "$HOME/word"', a);
  const { stdout } = await runCommand(emulator, 'echo "$word$WORD" [[ $(cat ~/word) ]]; pwd', a);
  expect(stdout).toMatch(/^ \[\[ kept \]\]\n.+\/code/);
  const [, others] = stdout.split('\n');
  const b = { runtimeSessionId: sessionId('b') };
  const other = await runCommand(emulator, 'cat ~/word; pwd', b);
  expect(other.stderr).toMatch(/No such file/);
  expect(other.stdout.trim()).not.toBe(others);
});

test('Output arrives while the command runs, and the session is active until it ends', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const events = commandEvents(emulator, 'mkfifo gate; echo first; cat gate', a);
  expect((await events.next()).value).toEqual({ contentStart: {} });
  expect((await events.next()).value).toEqual({ contentDelta: { stdout: 'first\n' } });
  expect(await emulator.sessions()).toMatchObject([{ state: 'active' }]);
  // The command runs beside an invocation and another command.
  expect(await emulator.invoke(a)).toMatchObject({ turns: 1 });
  expect(await emulator.sessions()).toMatchObject([{ state: 'active', idleDeadline: null }]);
  await runCommand(emulator, 'echo second > gate', a);
  expect((await events.next()).value).toEqual({ contentDelta: { stdout: 'second\n' } });
  expect((await events.next()).value).toMatchObject({ contentStop: { exitCode: 0 } });
  expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]);
});

test('A signal is reported as a shell reports it', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  expect(await runCommand(emulator, 'kill -TERM $$', a)).toMatchObject({ exitCode: 143 });
  expect(await runCommand(emulator, 'no-such-program', a)).toMatchObject({ exitCode: 127 });
});

test('A command that times out is ended with all its processes', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const events = commandEvents(emulator, 'sleep 9000 & echo $!; wait', { ...a, timeout: 60 });
  await events.next();
  const { value } = (await events.next()) as { value: { contentDelta: { stdout: string } } };
  const pid = Number(value.contentDelta.stdout);
  await emulator.admin('/clock', { advanceSeconds: 59 });
  expect(isAlive(pid)).toBe(true);
  await emulator.admin('/clock', { advanceSeconds: 1 });
  expect((await events.next()).value).toEqual({
    contentStop: { exitCode: 137, status: 'TIMED_OUT' },
  });
  await eventually(() => expect(isAlive(pid)).toBe(false));
  expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]);
});

test('A command has 300 s by default', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const events = commandEvents(emulator, 'sleep 9000', a);
  await events.next();
  await emulator.admin('/clock', { advanceSeconds: 299 });
  expect(await emulator.sessions()).toMatchObject([{ state: 'active' }]);
  await emulator.admin('/clock', { advanceSeconds: 1 });
  expect((await events.next()).value).toMatchObject({ contentStop: { status: 'TIMED_OUT' } });
});

test.for([0, 3_601])('A timeout of %i s is rejected', async (timeout) => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  await expect(runCommand(emulator, 'true', { ...a, timeout })).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(/'body.timeout' failed to satisfy constraint: Member must have/),
  });
  expect(await emulator.sessions()).toEqual([]);
});

test('Stopping a session interrupts its commands with a reason', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const events = commandEvents(emulator, 'echo $$; sleep 9000', a);
  await events.next();
  const { value } = (await events.next()) as { value: { contentDelta: { stdout: string } } };
  await stopSession(emulator, a);
  await expect(events.next()).rejects.toMatchObject({
    name: 'RuntimeClientError',
    message: 'The command was interrupted. The session ended: stopped.',
  });
  await eventually(() => expect(isAlive(Number(value.contentDelta.stdout))).toBe(false));
});

test('A crash of the agent interrupts its session’s commands with a reason', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(folderAgent)] });
  const ask = `fetch('http://localhost:8080/exit').catch(() => {})`;
  await expect(runCommand(emulator, `node -e "${ask}"; sleep 9000`, a)).rejects.toMatchObject({
    message: expect.stringMatching(/interrupted\. .*exit code 3|crashed/),
  });
});

test('Background processes of a command run on beside the agent and end with the session', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const { stdout, exitCode } = await runCommand(
    emulator,
    `sleep 9000 & echo $!; setsid sh -c 'echo $$ > daemon; exec sleep 9000' & until [ -s daemon ]; do sleep 0.01; done; cat daemon`,
    a,
  );
  expect(exitCode).toBe(0);
  const pids = stdout.trim().split('\n').map(Number);
  expect(pids.map(isAlive)).toEqual([true, true]);
  await stopSession(emulator, a);
  await eventually(() => expect(pids.map(isAlive)).toEqual([false, false]));
});

test('A command continues when its caller disconnects', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const disconnect = new AbortController();
  const events = commandEvents(
    emulator,
    'echo here; until [ -e go ]; do sleep 0.01; done; yes | head -c 1000000; touch done',
    {
      ...a,
      abortSignal: disconnect.signal,
    },
  );
  await events.next();
  await events.next();
  disconnect.abort();
  await events.next().catch(() => {});
  await eventually(async () =>
    expect(await emulator.timeline(a.runtimeSessionId)).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(/The command continues\.$/) }),
    ),
  );
  expect(await emulator.sessions()).toMatchObject([{ state: 'active' }]);
  await runCommand(emulator, 'touch go; until [ -e done ]; do sleep 0.01; done', a);
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]),
  );
});

test('With --on-disconnect abort a disconnect ends the command', async () => {
  const source = await useAgent(echoAgent);
  const emulator = await useEmulator({ agents: [source], onDisconnect: 'abort' });
  const disconnect = new AbortController();
  const events = commandEvents(emulator, 'sleep 9000', { ...a, abortSignal: disconnect.signal });
  await events.next();
  disconnect.abort();
  await events.next().catch(() => {});
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]),
  );
});

test('A slow reader slows the command down and misses no output', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const lines = 3_000_000;
  const events = commandEvents(emulator, `seq ${lines} && touch done`, a);
  await events.next();
  await events.next();
  // The buffers between the reader and the command hold less than the whole output.
  const { stdout } = await runCommand(emulator, 'ls done 2>/dev/null; true', a);
  expect(stdout).toBe('');
  let text = '';
  const sizes: number[] = [];
  for await (const { contentDelta } of events) {
    text += contentDelta?.stdout ?? '';
    sizes.push(Buffer.byteLength(contentDelta?.stdout ?? ''));
  }
  expect(text.endsWith(`\n${lines}\n`)).toBe(true);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(65_536);
});

test('No character is split, however its bytes arrive', () => {
  const text = 'ä€𝄞'.repeat(16_000);
  const bytes = Buffer.from(text);
  for (const size of [1, 2, 3, 5, 7_919, bytes.length]) {
    const output = createOutputText();
    const pieces: string[] = [];
    for (let start = 0; start < bytes.length; start += size) {
      pieces.push(...output.add(bytes.subarray(start, start + size)));
    }
    pieces.push(...output.end());
    expect(pieces.join('') === text).toBe(true);
    expect(pieces.every((piece) => Buffer.byteLength(piece) <= 65_536)).toBe(true);
  }
});

test('A command with a NUL character is rejected', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const running = runCommand(emulator, 'echo a\0b', a);
  await expect(running).rejects.toBeInstanceOf(ValidationException);
  await expect(running).rejects.toThrow(/body\.command: A shell command cannot contain a NUL/);
  expect(await emulator.sessions()).toEqual([]);
});

test.runIf(existsSync('/proc/self/fd'))(
  'A command that the system cannot start is reported and leaves no pipe open',
  async () => {
    const emulator = await useEmulator({ agents: [await useAgent(echoAgent)] });
    // Linux rejects an argument of 128 KiB.
    const result = await runCommand(emulator, `: ${'✓'.repeat(60_000)}`, a);
    expect(result).toMatchObject({ exitCode: -1, stderr: expect.stringMatching(/E2BIG/) });
    expect((await runCommand(emulator, 'echo on', a)).stdout).toBe('on\n');
    await eventually(() => expect(openPipes()).toEqual([]));
  },
);

/** Open pipes of commands in this process. */
function openPipes(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.includes('/pipes-') ? [target] : [];
    } catch {
      return [];
    }
  });
}
