import { expect, test } from 'vitest';
import { findTarget } from '../../src/cli/findTarget.ts';
import { TargetError } from '../../src/cli/targetError.ts';
import { LocalTargetError, writeLocalTarget } from '../../src/cli/writeLocalTarget.ts';
import { echoAgent, useAgent } from '../support/agents.ts';
import { useEmulator } from '../support/emulator.ts';
import { project, useProject } from '../support/project.ts';

test('an emulator that does not answer is reported with a fix', async () => {
  const writing = writeLocalTarget(await useProject(project), 'http://127.0.0.1:2');
  await expect(writing).rejects.toBeInstanceOf(TargetError);
  await expect(writing).rejects.toThrow(
    /No emulator responds at http:\/\/127\.0\.0\.1:2 .*--endpoint/,
  );
});

test('an emulator that requires a token is reported', async () => {
  const emulator = await useEmulator({ agents: [await useAgent(echoAgent)], token: 'secret' });
  const bare = emulator.url.replace('/@secret', '');
  const writing = writeLocalTarget(await useProject(project), bare);
  await expect(writing).rejects.toBeInstanceOf(TargetError);
  await expect(writing).rejects.toThrow(/requires a token/);
  await expect(findTarget('Agent', bare, {})).rejects.toThrow(/requires a token/);
});

test('an emulator without agents is refused as a target', async () => {
  const { url } = await useEmulator({ agents: [] });
  const writing = writeLocalTarget(await useProject(project), url);
  await expect(writing).rejects.toBeInstanceOf(LocalTargetError);
  await expect(writing).rejects.toThrow(/has no agents\. Start it in a project/);
});
