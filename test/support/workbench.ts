import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { TRUSTING, type CodeServer } from '../../scripts/codeServer.mjs';
import { createAdminClient } from '../../src/core/emulatorClient/adminClient.ts';
import { DATA_FOLDER, READY_FILE, type ReadyMessage } from '../../src/shared/emulator.ts';
import type { SessionSummary } from '../../src/shared/session.ts';
import { useBrowser } from './browser.ts';
import { useCodeServer } from './codeServer.ts';
import { usePart } from './parts.ts';
import { sharedServer } from './sharedServer.ts';
import { openWindow, type Window } from './window.ts';

/** Timeout for a real VS Code on a busy machine. */
export const LONG_TIMEOUT = { timeout: 60_000 };

/** A real VS Code with the packaged extension. */
export interface InstalledWorkbench {
  /**
   * Opens a folder or a workspace file in a new window, and shows the extension's view in the side bar.
   */
  open(folder: string, server?: CodeServer): Promise<Window>;
  /** Starts a VS Code of the test's own, which the test may end. */
  ownServer(settings?: Readonly<Record<string, unknown>>): Promise<CodeServer>;
  /** Path of the packaged extension. */
  vsix(): Promise<string>;
  /** Folder of the installed extensions. */
  installed(): Promise<string>;
}

/** Opens windows of a VS Code that all tests share, unless they start their own. */
export function useWorkbench(): InstalledWorkbench {
  const openPage = useBrowser({ ours: false });
  const vsix = async () => (await sharedServer('extension')).vsix;
  const shared = () => {
    usePart('codeServer');
    return sharedServer('workbench');
  };

  return {
    vsix,
    async open(folder, server) {
      const { url } = server ?? (await shared());
      const kind = folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
      const page = await openPage(`${url}/?${kind}=${folder}`);
      const window = await openWindow(page);
      await window.icon.click();
      // When VS Code is slow to connect, it may show a workspace file as empty and never update it.
      while (kind === 'workspace' && (await hasNoFolder(window))) {
        await page.reload();
        await window.icon.waitFor();
      }
      return window;
    },
    ownServer: async (settings = TRUSTING) => useCodeServer({ vsix: await vsix(), settings }),
    installed: async () => (await shared()).extensions,
  };
}

/** True when the side bar asks for a folder, and still does after 5 seconds. */
async function hasNoFolder({ page, welcome }: Window): Promise<boolean> {
  const prompt = welcome.getByText(/^Open an agent project/);
  const isShown = await prompt.waitFor({ timeout: 3_000 }).then(
    () => true,
    () => false,
  );
  if (!isShown) return false;
  await page.waitForTimeout(5_000);
  return prompt.isVisible();
}

/** Returns the emulator's address from the status bar, which contains no token. */
export async function readAddress({ status }: Window): Promise<string> {
  const label = async () => (await status.getAttribute('aria-label')) ?? '';
  await expect.poll(label, LONG_TIMEOUT).toMatch(/running at/);
  return /http:\S+\d/.exec(await label())![0];
}

/** Reads the ready file of a project's emulator: its process id, and its URL with the token. */
export async function readReadyFile(project: string): Promise<ReadyMessage> {
  const file = join(project, DATA_FOLDER, READY_FILE);
  await expect.poll(() => existsSync(file), LONG_TIMEOUT).toBe(true);
  return JSON.parse(await readFile(file, 'utf8')) as ReadyMessage;
}

/** Lists the sessions of the emulator at a URL. */
export async function listSessions(url: string): Promise<readonly SessionSummary[]> {
  return createAdminClient(url).sessions();
}
