import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createAdminClient } from '../../src/core/emulatorClient/adminClient.ts';
import { modelAgent } from '../support/modelAgent.ts';
import { project, useProject } from '../support/project.ts';
import { LONG_TIMEOUT, readAddress, readReadyFile, useWorkbench } from '../support/workbench.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const { open } = useWorkbench();

test('A command chooses the model of all agents and stores it in the settings.', async () => {
  const root = await useProject(project, modelAgent);
  const window = await open(root);
  const { chat, choices, page } = window;
  await readAddress(window);
  expect(await chat.ask('2')).toContain('offline model');
  const summary = chat.conversation.locator('.modelCalls summary');
  await expect.poll(() => summary.innerText(), LONG_TIMEOUT).toMatch(/^2 model calls ·/);

  await window.command('AgentCore: Choose Model…');
  await choices.filter({ hasText: 'OpenAI-compatible server…' }).waitFor(LONG_TIMEOUT);
  await window.takeScreenshot('models');
  await choices.filter({ hasText: 'OpenAI-compatible server…' }).click();
  const input = page.locator('.quick-input-widget input[type="text"]');
  await expect.poll(() => input.inputValue(), LONG_TIMEOUT).toMatch(/^openai:/);
  await input.fill('gpt-5');
  await page.getByText('Not a model backend. Use offline,').waitFor(LONG_TIMEOUT);
  await input.fill('openai:http://127.0.0.1:9/v1');
  await input.press('Enter');

  const settings = () => readFile(join(root, '.vscode/settings.json'), 'utf8').catch(() => '');
  await expect.poll(settings, LONG_TIMEOUT).toContain('openai:http://127.0.0.1:9/v1');
  const admin = createAdminClient((await readReadyFile(root)).url);
  expect((await admin.models()).default).toBe('openai:http://127.0.0.1:9/v1');

  // The setting applies to the next start.
  const before = await readAddress(window);
  await window.command('AgentCore: Restart Emulator');
  await expect.poll(() => readAddress(window), LONG_TIMEOUT).not.toBe(before);
  const restarted = createAdminClient((await readReadyFile(root)).url);
  expect((await restarted.models()).default).toBe('openai:http://127.0.0.1:9/v1');
});
