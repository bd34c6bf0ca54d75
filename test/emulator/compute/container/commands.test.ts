import { expect, test, vi } from 'vitest';
import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore';
import { echoAgent } from '../../../support/agents.ts';
import { commandEvents, runCommand } from '../../../support/commands.ts';
import { connectEngine, nodeDockerfile, useContainerAgent } from '../../../support/containers.ts';
import { sessionId, useEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';
import { connectShell } from '../../../support/shells.ts';

vi.setConfig({ testTimeout: 120_000 });

const a = { runtimeSessionId: sessionId('a') };

test('A command runs in its session’s container, in the agent’s folder.', async () => {
  const dockerfile = `${nodeDockerfile}WORKDIR /app\nENV FLAVOUR=sweet\n`;
  const { source } = await useContainerAgent({ 'main.mjs': echoAgent, Dockerfile: dockerfile });
  const emulator = await useEmulator({ agents: [source] });
  const ask = `fetch('http://localhost:8080/ping').then((r) => r.json()).then((p) => console.log(p.status))`;
  const command = `pwd; ls; echo $FLAVOUR; node -e "${ask}"; echo lost >/dev/stderr; [[ 1 ]] && exit 7`;
  expect(await runCommand(emulator, command, a)).toEqual({
    stdout: '/app\nmain.mjs\nsweet\nHealthy\n',
    stderr: 'lost\n',
    exitCode: 7,
    status: 'COMPLETED',
  });
  expect(await runCommand(emulator, 'kill -TERM $$', a)).toMatchObject({ exitCode: 143 });
  expect(await runCommand(emulator, 'kill -KILL $$', a)).toMatchObject({ exitCode: 137 });
});

test('After its timeout, a command in a container is killed with everything it started.', async () => {
  const { source } = await useContainerAgent({ 'main.mjs': echoAgent });
  const emulator = await useEmulator({ agents: [source] });
  const events = commandEvents(emulator, 'echo on its way; sleep 9000 & sleep 9001; wait', a);
  await events.next();
  await events.next();
  await emulator.admin('/clock', { advanceSeconds: 300 });
  expect((await events.next()).value).toEqual({
    contentStop: { exitCode: 137, status: 'TIMED_OUT' },
  });
  const left = `cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -c '[s]leep 900'`;
  expect(await runCommand(emulator, left, a)).toMatchObject({ stdout: '0\n' });
});

test('A background process of a command in a container does not hold its stream open.', async () => {
  const { source } = await useContainerAgent({ 'main.mjs': echoAgent });
  const emulator = await useEmulator({ agents: [source] });
  const { stdout, exitCode } = await runCommand(emulator, 'sleep 9000 & echo $!', a);
  expect(exitCode).toBe(0);
  const kill = `kill -0 ${stdout.trim()} && echo alive`;
  expect(await runCommand(emulator, kill, a)).toMatchObject({ stdout: 'alive\n' });
});

test('The end of a container ends its commands with a reason.', async () => {
  const { source, containers } = await useContainerAgent({ 'main.mjs': echoAgent });
  const emulator = await useEmulator({ agents: [source] });
  const stopped = commandEvents(emulator, 'sleep 9000', a);
  await stopped.next();
  await emulator
    .client()
    .send(new StopRuntimeSessionCommand({ agentRuntimeArn: emulator.agent.arn, ...a }));
  await expect(stopped.next()).rejects.toMatchObject({
    name: 'RuntimeClientError',
    message: 'The command was interrupted. The session ended: stopped.',
  });
  const killed = commandEvents(emulator, 'sleep 9000', a);
  await killed.next();
  await connectEngine()
    .getContainer((await containers())[0]!.Id)
    .kill();
  await expect(killed.next()).rejects.toMatchObject({
    message: expect.stringMatching(/^The command was interrupted\. The (agent|session) ended/),
  });
  await eventually(async () =>
    expect((await emulator.sessions()).map(({ state }) => state)).toEqual([
      'terminated',
      'terminated',
    ]),
  );
});

test('Without bash a command runs in sh, and without a shell it fails with a reason.', async () => {
  const noBash = `${nodeDockerfile}RUN rm -f /bin/bash /usr/bin/bash\n`;
  const noShell = `${nodeDockerfile}RUN rm -f /bin/bash /usr/bin/bash /bin/dash /usr/bin/dash /bin/sh /usr/bin/sh\n`;
  const [dash, none] = await Promise.all(
    [noBash, noShell].map((Dockerfile) => useContainerAgent({ 'main.mjs': echoAgent, Dockerfile })),
  );
  const withDash = await useEmulator({ agents: [dash!.source] });
  const command = 'echo here $0; [[ 1 ]]';
  expect(await runCommand(withDash, command, a)).toMatchObject({ exitCode: 127 });
  const without = await useEmulator({ agents: [none!.source] });
  expect(await runCommand(without, command, a)).toEqual({
    stdout: '',
    stderr: expect.stringMatching(/this image has no \/bin\/sh\. Use a base image with a shell/),
    exitCode: -1,
    status: 'COMPLETED',
  });
  // The agent is not affected.
  expect(await without.invoke(a)).toMatchObject({ turns: 1 });
});

test('A shell in a container can be resized, disconnected and reconnected.', async () => {
  const { source } = await useContainerAgent({ 'main.mjs': echoAgent });
  const emulator = await useEmulator({ agents: [source] });
  const first = await connectShell(emulator, a.runtimeSessionId, '?shellId=work');
  first.send(4, '{"width":132,"height":43}');
  first.type('word=kept; echo "<<"$(stty size) $TERM">>"\r');
  await first.waitForOutput('<<43 132 xterm-256color>>');
  first.socket.terminate();
  await eventually(async () =>
    expect(await emulator.sessions()).toMatchObject([{ state: 'idle' }]),
  );
  const second = await connectShell(emulator, a.runtimeSessionId, '?shellId=work');
  expect(second.confirmed).toMatchObject({ metadata: { reconnected: true } });
  second.type('echo "<<"$word">>"; kill -9 $$\r');
  await second.waitForOutput('<<kept>>');
  expect(await second.closed).toBe('1000');
  expect(second.platformMessages()[0]).toMatch(/exit code 137/);

  const third = await connectShell(emulator, a.runtimeSessionId, '?shellId=work');
  third.type('echo "<<"$$">>"\r');
  await third.waitForOutput('>>\r\n');
  const [, pid = ''] = /<<(\d+)>>/.exec(third.shown())!;
  third.send(0xff);
  expect(await third.closed).toBe('1000');
  await eventually(async () =>
    expect(await runCommand(emulator, `kill -0 ${pid}`, a)).toMatchObject({ exitCode: 1 }),
  );

  const fourth = await connectShell(emulator, a.runtimeSessionId);
  await emulator
    .client()
    .send(new StopRuntimeSessionCommand({ agentRuntimeArn: emulator.agent.arn, ...a }));
  expect(await fourth.closed).toBe('1000');
  expect(fourth.platformMessages()).toEqual(['The session ended: stopped.\r\n', 'close']);
});

test('A shell in an image without one is refused with a reason.', async () => {
  const Dockerfile = `${nodeDockerfile}RUN rm -f /bin/bash /usr/bin/bash /bin/dash /usr/bin/dash /bin/sh /usr/bin/sh\n`;
  const { source } = await useContainerAgent({ 'main.mjs': echoAgent, Dockerfile });
  const emulator = await useEmulator({ agents: [source] });
  await expect(connectShell(emulator, a.runtimeSessionId)).rejects.toThrow(
    /^424 RuntimeClientError: .*The shell did not start: .*no \/bin\/sh/,
  );
});
