import { RuntimeClientError } from '@aws-sdk/client-bedrock-agentcore';
import { expect, test } from 'vitest';
import { serverAgent } from '../../../support/agents.ts';
import { useContainerAgent, useForeignImage } from '../../../support/containers.ts';
import { sessionId, useEmulator, type TestEmulator } from '../../../support/emulator.ts';
import { eventually } from '../../../support/eventually.ts';

const id = { runtimeSessionId: sessionId('a') };

/** Returns the message of an invocation's 424 response. */
async function failure({ invoke }: TestEmulator): Promise<string> {
  const error = await invoke(id).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RuntimeClientError);
  return (error as Error).message;
}

test('A failing Dockerfile reports the step and its output and leaves nothing behind.', async () => {
  const { source, images } = await useContainerAgent({
    Dockerfile: 'FROM node:24-slim\nRUN echo before\nRUN echo out of cheese >&2; exit 3\n',
  });
  const emulator = await useEmulator({ agents: [source] });
  const message = await failure(emulator);
  expect(message).toMatch(/its image could not be built/);
  expect(message).toMatch(/RUN echo out of cheese >&2; exit 3/);
  expect(message).toMatch(/code: 3/);
  expect(message).toMatch(/Its output:\nout of cheese/);
  expect(message).not.toMatch(/\nbefore/);
  expect(emulator.log.join('\n')).toMatch(/\| out of cheese/);
  expect(await images()).toEqual([]);
  expect((await emulator.sessions())[0]).toMatchObject({ reason: 'start-failed' });
});

test.each([
  ['with an invalid instruction', 'FROM node:24-slim\nRAN echo\n', /unknown instruction: RAN/i],
  ['whose base image does not exist', 'FROM nobody.invalid/nothing:1\n', /nobody\.invalid/],
  ['that fills the disk', 'FROM node:24-slim\nRUN cat /dev/zero >/dev/full\n', /No space left/i],
  ['that copies a missing file', 'FROM node:24-slim\nCOPY gone.txt /\n', /gone\.txt/],
])('A Dockerfile %s fails with the engine’s message.', async (_, Dockerfile, words) => {
  const { source } = await useContainerAgent({ Dockerfile });
  expect(await failure(await useEmulator({ agents: [source] }))).toMatch(words);
});

test('A container that exits immediately reports its code and log and is removed.', async () => {
  const { source, containers } = await useContainerAgent({
    'main.mjs': `import { missing } from './missing.mjs';`,
  });
  const message = await failure(await useEmulator({ agents: [source] }));
  expect(message).toMatch(/exit code 1 before it answered \/ping/);
  expect(message).toMatch(/Cannot find module .*missing\.mjs/);
  // The build's lines are in the log, but an agent's quoted output contains only its own lines.
  expect(message).not.toMatch(/Step|FROM/);
  await eventually(async () => expect(await containers()).toEqual([]));
});

test('A missing command is the engine’s error, and the container is removed.', async () => {
  const { source, containers } = await useContainerAgent({
    Dockerfile: 'FROM node:24-slim\nCMD ["no-such-command"]\n',
  });
  const message = await failure(await useEmulator({ agents: [source] }));
  expect(message).toMatch(/no-such-command/);
  await eventually(async () => expect(await containers()).toEqual([]));
});

test.each([
  ['3000', `'0.0.0.0'`, /never listened on port 8080.*It listens on port 3000 instead/s],
  [
    '8080',
    `'127.0.0.1'`,
    /It listens on port 8080 of the loopback interface only.*listen on 0\.0\.0\.0/s,
  ],
])(
  'An agent that listens on %s of %s is never ready, and the error names its port.',
  async (port, host, words) => {
    const { source } = await useContainerAgent({
      'main.mjs': serverAgent('').replace(
        `listen(8080, '0.0.0.0')`,
        `listen(${port}, ${host}, () => console.log('it listens'))`,
      ),
    });
    const emulator = await useEmulator({ agents: [source] });
    const failing = failure(emulator);
    await eventually(() => expect(emulator.log.join('\n')).toMatch(/\| it listens/));
    await eventually(() =>
      expect(emulator.log.join('\n')).toMatch(
        /The agent does not listen on port 8080 5 s after its start\. It listens on port/,
      ),
    );
    await emulator.admin('/clock', { advanceSeconds: 121 });
    expect(await failing).toMatch(words);
  },
);

test('An agent that exceeds its memory ends with that reason.', async () => {
  const { source } = await useContainerAgent({
    'main.mjs': serverAgent(
      `if (url === '/invocations') for (const kept = [];;) kept.push(Buffer.alloc(1e7, 1));`,
    ),
  });
  const emulator = await useEmulator({ agents: [source], container: { memoryMegabytes: 128 } });
  expect(await failure(emulator)).toMatch(/out of memory: the machine has 0\.125 GB/);
  expect((await emulator.sessions())[0]).toMatchObject({ reason: 'crashed' });
});

/** A platform that the machine does not have: AWS's, or another one on an arm64 machine. */
const foreign =
  process.arch === 'arm64'
    ? ({ platform: 'linux/amd64', architecture: 'amd64' } as const)
    : ({ platform: 'linux/arm64', architecture: 'arm64' } as const);

test('A platform that the engine cannot run is an error with the fix.', async () => {
  const { source } = await useContainerAgent({
    Dockerfile: `FROM ${await useForeignImage(foreign.architecture)}\nCMD ["/program"]\n`,
  });
  const { platform } = foreign;
  const message = await failure(await useEmulator({ agents: [source], container: { platform } }));
  expect(message).toMatch(
    new RegExp(
      `the image is for ${platform} and this engine runs linux/\\w+\\. To fix it, omit --platform ${platform}, or install emulation with docker run --privileged`,
    ),
  );
});

test('A build step that the engine cannot run is explained.', async () => {
  const { source } = await useContainerAgent({
    Dockerfile: `FROM ${await useForeignImage(foreign.architecture)}\nRUN ["/program"]\n`,
  });
  const { platform } = foreign;
  expect(await failure(await useEmulator({ agents: [source], container: { platform } }))).toMatch(
    new RegExp(`exec format error.*omit --platform ${platform}, or install emulation`, 's'),
  );
});

test('A local base image for another platform is an error each time.', async () => {
  const { source, containers } = await useContainerAgent({ 'main.mjs': serverAgent('') });
  const { platform } = foreign;
  const emulator = await useEmulator({ agents: [source], container: { platform } });
  for (const _ of ['built', 'found']) {
    expect(await failure(emulator)).toMatch(
      new RegExp(`its image was built for linux/.*docker pull --platform ${platform}`),
    );
  }
  expect(await containers()).toEqual([]);
});

test('More processors than the engine has are its error.', async () => {
  const { source } = await useContainerAgent({ 'main.mjs': serverAgent('') });
  const emulator = await useEmulator({ agents: [source], container: { processors: 10_000 } });
  expect(await failure(emulator)).toMatch(/its container could not be created: Range of CPUs/i);
});

test('An image for another architecture is explained.', async () => {
  const other = process.arch === 'arm64' ? 'ppc64le' : 'arm64';
  const { source } = await useContainerAgent({
    Dockerfile: `FROM ${await useForeignImage(other)}\nCMD ["/program"]\n`,
  });
  expect(await failure(await useEmulator({ agents: [source] }))).toMatch(
    new RegExp(
      `the image is for linux/${other} and this engine runs linux/\\w+\\. To fix it, build it for linux/`,
    ),
  );
});
