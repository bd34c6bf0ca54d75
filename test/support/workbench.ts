import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { TRUSTING, type CodeServer } from '../../scripts/codeServer.mjs';
import { DATA_FOLDER, READY_FILE, type ReadyMessage } from '../../src/shared/emulator.ts';
import type { SessionSummary } from '../../src/shared/session.ts';
import { useBrowser } from './browser.ts';
import { useCodeServer } from './codeServer.ts';
import { usePart } from './parts.ts';
import { sharedServer } from './sharedServer.ts';
import { windowOn, type Window } from './window.ts';

/** For what happens in a real VS Code on a busy machine. */
export const PATIENCE = { timeout: 60_000 };

/** A real VS Code with the packaged extension. */
export interface Workbench {
  /**
   * Opens a folder, or the file of a workspace, in a window of its own, and there what the extension
   * has in the side bar.
   */
  open(folder: string, server?: CodeServer): Promise<Window>;
  /** A VS Code that a test may end. */
  ownServer(settings?: Readonly<Record<string, unknown>>): Promise<CodeServer>;
  /** The packaged extension. */
  vsix(): Promise<string>;
  /** The folder of the extensions that are installed. */
  installed(): Promise<string>;
}

/** All tests that leave it alive share one VS Code. */
export function useWorkbench(): Workbench {
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
      const window = await windowOn(page);
      await window.icon.click();
      // A VS Code that is slow to connect may take a workspace's file for empty, and looks no more.
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

/** Whether the side bar asks for a folder to be opened, and goes on asking. */
async function hasNoFolder({ page, welcome }: Window): Promise<boolean> {
  const request = welcome.getByText(/^Open the folder of an agent project/);
  const isAsked = await request.waitFor({ timeout: 3_000 }).then(
    () => true,
    () => false,
  );
  if (!isAsked) return false;
  await page.waitForTimeout(5_000);
  return request.isVisible();
}

/** The address of the emulator in the status bar, which holds no token. */
export async function addressOf({ status }: Window): Promise<string> {
  const says = async () => (await status.getAttribute('aria-label')) ?? '';
  await expect.poll(says, PATIENCE).toMatch(/serves at/);
  return /http:\S+\d/.exec(await says())![0];
}

/** What the emulator of a project has written down: its process, and its URL with the token. */
export async function readyOf(project: string): Promise<ReadyMessage> {
  const file = join(project, DATA_FOLDER, READY_FILE);
  await expect.poll(() => existsSync(file), PATIENCE).toBe(true);
  return JSON.parse(await readFile(file, 'utf8')) as ReadyMessage;
}

/** The sessions of the emulator at a URL. */
export async function sessionsAt(url: string): Promise<SessionSummary[]> {
  const response = await fetch(`${url}/_emulator/sessions`);
  return ((await response.json()) as { sessions: SessionSummary[] }).sessions;
}
