import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test, vi } from 'vitest';
import { useFolder } from '../support/agents.ts';
import { useBrowser } from '../support/browser.ts';
import { useCodeServer } from '../support/codeServer.ts';

vi.setConfig({ testTimeout: 120_000 });

const openPage = useBrowser({ ours: false });

test('All checks inside the extension host pass.', async () => {
  const file = join(await useFolder(), 'report.txt');
  const { url } = await useCodeServer({
    settings: { 'security.workspace.trust.enabled': false },
    // Without this option the page ignores the test's payload.
    args: ['--vscode-option', 'enable-smoke-test-driver'],
    environment: { WORKBENCH_IN_HOST_REPORT: file },
  });
  const remote = (path: string) => `vscode-remote://${new URL(url).host}${resolve(path)}`;
  const payload = JSON.stringify([
    ['extensionDevelopmentPath', remote('.')],
    ['extensionTestsPath', remote('dist/test/inHost.cjs')],
  ]);
  const page = await openPage('about:blank');
  const exit = new Promise<number>((ended) => {
    void page.exposeFunction('codeAutomationExit', ended);
  });
  const query = new URLSearchParams({ folder: await useFolder(), payload });
  await page.goto(`${url}/?${query.toString()}`);
  const code = await exit;
  process.stdout.write(await readFile(file, 'utf8'));
  expect(code).toBe(0);
});
