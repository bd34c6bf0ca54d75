import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateAgentRuntimeCommand,
  GetAgentRuntimeCommand,
  UpdateAgentRuntimeCommand,
  ValidationException,
  type UpdateAgentRuntimeCommandInput,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import type { ProjectAgentSource } from '../../../../../emulator/agentSource.ts';
import { serverAgent, useAgent, useFolder } from '../../../../support/agents.ts';
import { waitUntilSettled, useControlPlane } from '../../../../support/controlPlane.ts';
import { sessionId, useEmulator } from '../../../../support/emulator.ts';
import { eventually } from '../../../../support/eventually.ts';

const answering = (word: string) =>
  serverAgent(
    `if (url === '/invocations') return json(response, { word: '${word}', setting: process.env.SETTING });`,
  );

/** Starts an emulator with one project agent and provides a read-modify-update of its runtime. */
async function useProject(overrides: Partial<ProjectAgentSource> = {}, dataFolder?: string) {
  const source = await useAgent(answering('one'), overrides as {});
  const emulator = await useEmulator({ agents: [source], dataFolder });
  const control = useControlPlane(emulator);
  const { runtimeId: agentRuntimeId } = emulator.agent;
  const get = () => control.send(new GetAgentRuntimeCommand({ agentRuntimeId }));
  return {
    source,
    emulator,
    control,
    get,
    async update(change: Partial<UpdateAgentRuntimeCommandInput>) {
      const { agentRuntimeArtifact, roleArn, networkConfiguration, ...rest } = await get();
      await control.send(
        new UpdateAgentRuntimeCommand({
          ...rest,
          agentRuntimeId,
          agentRuntimeArtifact,
          roleArn,
          networkConfiguration,
          ...change,
        }),
      );
      return waitUntilSettled(control, agentRuntimeId);
    },
  };
}

test('read-modify-update of a project agent keeps running the project’s code, with hot reload', async () => {
  const { source, emulator, update } = await useProject();
  const updated = await update({ environmentVariables: { SETTING: 'new' } });
  expect(updated).toMatchObject({ status: 'READY', agentRuntimeVersion: '2' });
  const session = { runtimeSessionId: sessionId('one') };
  expect(await emulator.invoke(session)).toEqual({ word: 'one', setting: 'new' });
  await writeFile(join(source.code, 'main.mjs'), answering('two'));
  await eventually(async () =>
    expect(await emulator.invoke(session)).toEqual({ word: 'two', setting: 'new' }),
  );
  const again = await update({ environmentVariables: { SETTING: 'newer' } });
  expect(again).toMatchObject({ status: 'READY', agentRuntimeVersion: '3' });
  expect(await emulator.invoke()).toEqual({ word: 'two', setting: 'newer' });
});

test('the artifact names the runtime and the entry point of the project', async () => {
  const { get, emulator } = await useProject();
  const { agentRuntimeArtifact } = await get();
  expect(agentRuntimeArtifact?.codeConfiguration).toEqual({
    code: { s3: { bucket: 'agentcore-emulator-project', prefix: emulator.agent.runtimeId } },
    runtime: 'NODE_22',
    entryPoint: ['main.mjs'],
  });
});

test('a container agent has a container artifact', async () => {
  const { get, emulator } = await useProject({
    build: 'Container',
    image: { context: '/nowhere', dockerfile: 'Dockerfile', buildArguments: {}, leftOut: [] },
  });
  expect((await get()).agentRuntimeArtifact).toEqual({
    containerConfiguration: {
      containerUri: `agentcore-emulator-project:${emulator.agent.runtimeId}`,
    },
  });
});

test('the project’s artifact cannot be changed or used for another runtime', async () => {
  const { control, get, update } = await useProject();
  const { agentRuntimeArtifact, roleArn, networkConfiguration } = await get();
  const { code } = agentRuntimeArtifact!.codeConfiguration!;
  const changed = { codeConfiguration: { code, runtime: 'NODE_22', entryPoint: ['other.js'] } };
  const updating = update({ agentRuntimeArtifact: changed as typeof agentRuntimeArtifact });
  await expect(updating).rejects.toBeInstanceOf(ValidationException);
  await expect(updating).rejects.toThrow(/agentRuntimeArtifact: .*change .*agentcore\.json/);
  const other = new CreateAgentRuntimeCommand({
    agentRuntimeName: 'Other',
    agentRuntimeArtifact,
    roleArn,
    networkConfiguration,
  });
  await expect(control.send(other)).rejects.toBeInstanceOf(ValidationException);
});

test('a restart makes agentcore.json the newest version again', async () => {
  const dataFolder = await useFolder();
  const { source, emulator, update } = await useProject({}, dataFolder);
  await update({ environmentVariables: { SETTING: 'new' } });
  await emulator.close();
  const next = await useEmulator({ agents: [source], dataFolder });
  expect(next.agent.endpoints).toEqual([{ name: 'DEFAULT', version: '3' }]);
  expect(await next.invoke()).toEqual({ word: 'one' });
});
