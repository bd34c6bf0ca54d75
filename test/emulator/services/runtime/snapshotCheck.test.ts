import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  GetAgentRuntimeCommand,
  UpdateAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { build } from 'esbuild';
import { onTestFinished, expect, test } from 'vitest';
import type { SnapshotCheck } from '../../../../src/shared/session.ts';
import { serverAgent, useAgent } from '../../../support/agents.ts';
import { useControlPlane, waitUntilSettled } from '../../../support/controlPlane.ts';
import { sessionId, useEmulator, type TestEmulator } from '../../../support/emulator.ts';

/** Listens until the test ends, and keeps the connections that it accepts. Returns its port. */
async function useService(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function readCheck(emulator: TestEmulator, id: string): Promise<SnapshotCheck> {
  return emulator.admin(`/sessions/${emulator.agent.runtimeId}/${id}/snapshot`);
}

const hazardous = (port: number) =>
  `import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
const instance = randomUUID();
const seed = Math.random();
const startedAt = Date.now();
const startedOn = new Date();
const database = connect(${port}, '127.0.0.1');
const elapsed = Date.now() - startedAt;
console.log('loaded at', Date.now());
${serverAgent(
  `const id = randomUUID(), time = Date.now();
   if (url === '/invocations') return json(response, { id, time, seed: Math.random() });`,
)}`;

test('on platform V2 a Node agent shows its hazards in the log, the timeline and the admin API', async () => {
  const agent = await useAgent(hazardous(await useService()));
  const emulator = await useEmulator({ agents: [agent] });
  const runtimeSessionId = sessionId('hazards');
  await emulator.invoke({ runtimeSessionId });

  const { state, hazards } = await readCheck(emulator, runtimeSessionId);
  expect(state).toBe('checked');
  expect(hazards.map(({ kind, call, line }) => `${line}: ${kind} ${call}`).toSorted()).toEqual([
    '3: uuid crypto.randomUUID()',
    '4: random Math.random()',
    '5: timestamp Date.now()',
    '6: timestamp new Date()',
    '7: connection net.connect()',
  ]);
  const message =
    'crypto.randomUUID() at main.mjs:3 runs while the agent loads. On platform V2, all sessions of a version share this value. Compute it in the handler.';
  expect(hazards.map((hazard) => hazard.message)).toContain(message);
  expect(await emulator.timeline(runtimeSessionId)).toContainEqual(
    expect.objectContaining({ type: 'note', message }),
  );
  expect(emulator.log.filter((line) => line.endsWith(message))).toHaveLength(1);
});

test('on platform V1 the same agent is not checked', async () => {
  const agent = await useAgent(hazardous(await useService()));
  const emulator = await useEmulator({ agents: [agent], platformVersion: 'V1' });
  const runtimeSessionId = sessionId('started-anew');
  await emulator.invoke({ runtimeSessionId });
  expect(await readCheck(emulator, runtimeSessionId)).toEqual({
    state: 'unchecked',
    reason: 'Platform V1 starts the agent anew for every session.',
    hazards: [],
  });
  expect(emulator.log.filter((line) => line.includes('platform V2'))).toEqual([]);
});

test('a runtime is checked from the version that is updated to platform V2', async () => {
  const agent = await useAgent(hazardous(await useService()));
  const emulator = await useEmulator({ agents: [agent], platformVersion: 'V1' });
  const control = useControlPlane(emulator);
  const agentRuntimeId = emulator.agent.runtimeId;
  const runtime = await control.send(new GetAgentRuntimeCommand({ agentRuntimeId }));
  expect(runtime.platformVersion).toBeUndefined();
  const { agentRuntimeArtifact, roleArn, networkConfiguration } = runtime;
  await control.send(
    new UpdateAgentRuntimeCommand({
      agentRuntimeId,
      agentRuntimeArtifact,
      roleArn,
      networkConfiguration,
      platformVersion: 'V2',
    }),
  );
  await waitUntilSettled(control, agentRuntimeId);
  const runtimeSessionId = sessionId('updated');
  await emulator.invoke({ runtimeSessionId });
  const { state, hazards } = await readCheck(emulator, runtimeSessionId);
  expect(state).toBe('checked');
  expect(hazards).toContainEqual(expect.objectContaining({ file: 'main.mjs', line: 3 }));
});

test('packages have no hazards of their own, except for ID packages and UUIDs that Node caches', async () => {
  const agent = await useAgent(
    `import { nanoid } from 'nanoid';
     import { framework } from 'framework';
     const id = nanoid();
     framework();
     ${serverAgent('')}`,
  );
  const packages = join(agent.root, 'node_modules');
  const sources = {
    nanoid: `import { randomBytes } from 'node:crypto'; export const nanoid = () => randomBytes(8).toString('hex');`,
    framework: `import { randomUUID } from 'node:crypto';
      const id = randomUUID(), began = Date.now(), seed = Math.random();
      export const framework = () => Date.now() + Math.random();`,
  };
  for (const [name, source] of Object.entries(sources)) {
    await mkdir(join(packages, name), { recursive: true });
    await writeFile(join(packages, name, 'index.mjs'), source);
    await writeFile(join(packages, name, 'package.json'), JSON.stringify({ main: 'index.mjs' }));
  }
  const emulator = await useEmulator({ agents: [agent] });
  const runtimeSessionId = sessionId('packages');
  await emulator.invoke({ runtimeSessionId });
  const { hazards } = await readCheck(emulator, runtimeSessionId);
  expect(hazards.map(({ message }) => message.split('. ')[0])).toEqual([
    'The package framework calls crypto.randomUUID() while the agent loads, and Node keeps random bytes for the next UUIDs',
    'crypto.randomBytes() through nanoid at main.mjs:3 runs while the agent loads',
  ]);
});

/** A TypeScript agent whose compiled lines differ from those of its source. */
const typed = `interface Answer {
  readonly id: string;
}

import { randomUUID } from 'node:crypto';
type Unused = Answer;
const instance: string = randomUUID();
const startedOn: Date = new Date();
console.log('loaded at', Date.now());
${serverAgent(`if (url === '/invocations') return json(response, { instance });`)}`;

test.each([
  ['linked', {}],
  ['inline', {}],
  ['linked', { NODE_OPTIONS: '--enable-source-maps' }],
] as const)(
  'compiled TypeScript with a source map (%s, %j) is reported with file and line of the source',
  async (sourcemap, environment) => {
    const agent = { ...(await useAgent('')), entrypoint: 'dist/main.mjs', environment };
    await mkdir(join(agent.root, 'src'));
    await writeFile(join(agent.root, 'src/main.ts'), typed);
    await build({
      entryPoints: [join(agent.root, 'src/main.ts')],
      outfile: join(agent.root, 'dist/main.mjs'),
      format: 'esm',
      platform: 'node',
      bundle: true,
      sourcemap,
    });
    const emulator = await useEmulator({ agents: [agent] });
    const runtimeSessionId = sessionId('typed');
    await emulator.invoke({ runtimeSessionId });
    const { hazards } = await readCheck(emulator, runtimeSessionId);
    expect(hazards.map(({ call, file, line }) => `${file}:${line} ${call}`).toSorted()).toEqual([
      'src/main.ts:7 crypto.randomUUID()',
      'src/main.ts:8 new Date()',
    ]);
  },
);
