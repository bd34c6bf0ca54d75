import { join } from 'node:path';
import {
  BedrockAgentCoreClient,
  InvokeAgentRuntimeCommand,
  RuntimeClientError,
} from '@aws-sdk/client-bedrock-agentcore';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { AgentSummary } from '../../src/shared/emulator.ts';
import type { LogLine, TimelineEntry } from '../../src/shared/session.ts';
import { serverAgent, useFolder } from '../support/agents.ts';
import { useCommand } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { project, useProject } from '../support/project.ts';
import { sdkSettings } from '../support/sdk.ts';

vi.setConfig({ testTimeout: 120_000 });

/** Prints its prompt, and fills or frees the disk of the file in BALLAST on request. */
const agent = serverAgent(
  `if (url === '/invocations') {
     const { prompt } = JSON.parse(body);
     console.log(prompt.padEnd(50_000, '.'));
     if (prompt === 'make room') rmSync(process.env.BALLAST);
     if (prompt === 'fill the disk') {
       const file = openSync(process.env.BALLAST, 'w');
       try { for (;;) writeSync(file, Buffer.alloc(4096)); } catch (error) { prompts.push(error.code); }
       closeSync(file);
     }
     prompts.push(prompt);
     return json(response, { prompts });
   }`,
  `import { closeSync, openSync, rmSync, writeSync } from 'node:fs'; const prompts = [];`,
);

/** A session ID of the maximum length, so that its record is large. */
const longId = (name: string) => name.padEnd(256, '-');

test('a full disk fails only new sessions: others continue, and new ones start once there is space', async () => {
  const folder = await useFolder();
  const [runtime] = project.runtimes;
  const root = await useProject(
    {
      ...project,
      runtimes: [
        {
          ...runtime,
          envVars: [{ name: 'BALLAST', value: join(folder, 'ballast') }],
          filesystemConfigurations: [{ sessionStorage: { mountPath: '/mnt/data' } }],
        },
      ],
    },
    agent,
  );
  const mount = 'mount -t tmpfs -o size=4m small "$0" && exec "$@"';
  const small = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', mount, folder];
  const running = useCommand([root, '--port=0', '--warm=1', '--data', folder], {}, { by: small });
  const { url } = await running.ready();
  const client = new BedrockAgentCoreClient(sdkSettings(url));
  onTestFinished(() => client.destroy());
  const admin = async <T>(path: string) => (await fetch(`${url}/_emulator${path}`)).json() as T;
  const { agents } = await admin<{ agents: AgentSummary[] }>('/agents');
  const { arn: agentRuntimeArn, runtimeId } = agents[0]!;
  const ask = async (name: string, prompt: string) => {
    const command = new InvokeAgentRuntimeCommand({
      agentRuntimeArn,
      runtimeSessionId: longId(name),
      payload: JSON.stringify({ prompt }),
    });
    const { response } = await client.send(command);
    return JSON.parse(await response!.transformToString()) as unknown;
  };
  const readNotes = async (name: string) => {
    const path = `/sessions/${runtimeId}/${longId(name)}/timeline`;
    const { timeline } = await admin<{ timeline: TimelineEntry[] }>(path);
    return timeline.flatMap((entry) => (entry.type === 'note' ? entry.message : [])).join('\n');
  };

  const readLogs = async (name: string) => {
    const path = `/sessions/${runtimeId}/${longId(name)}/logs`;
    return (await admin<{ logs: LogLine[] }>(path)).logs.map(({ text }) => text);
  };

  await ask('one', 'before');
  await eventually(async () =>
    expect(await readLogs('one')).toContainEqual(expect.stringMatching(/^before/)),
  );
  await ask('one', 'fill the disk');
  expect(await ask('one', 'hello')).toEqual({
    prompts: ['before', 'ENOSPC', 'fill the disk', 'hello'],
  });
  await eventually(async () =>
    expect(await readNotes('one')).toMatch(/output is no longer recorded: ENOSPC/),
  );
  expect(await readLogs('one')).toContainEqual(expect.stringMatching(/^before/));

  // Each writes a record of its storage, until the disk has no free page.
  const late = Array.from({ length: 60 }, (_, index) => `late-${index}`);
  for (const name of late) {
    const failure = await ask(name, 'hello').catch((error: unknown) => error);
    // One may get the warm instance that started before the disk was full.
    if (failure instanceof Error) expect(failure).toBeInstanceOf(RuntimeClientError);
  }
  const notes = await Promise.all(late.map(readNotes));
  expect(notes.join('\n')).toMatch(/Could not save the record of the session storage: .*full/);
  const warnings = running
    .stderr()
    .split('\n')
    .filter((line) => line.includes(' warn '));
  expect(warnings.join('\n')).toMatch(/Could not save the record of the session storage: .*full/);
  expect(running.process.exitCode).toBeNull();

  expect(await ask('one', 'make room')).toMatchObject({
    prompts: expect.arrayContaining(['hello']),
  });
  expect(await ask('new', 'hello')).toEqual({ prompts: ['hello'] });
});
