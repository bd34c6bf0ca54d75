import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { startCodeServer, type CodeServer } from '../../scripts/codeServer.mjs';
import { DATA_FOLDER, READY_FILE, type ReadyMessage } from '../../src/shared/emulator.ts';
import type { SessionSummary } from '../../src/shared/session.ts';
import { useBrowser } from './browser.ts';
import { useCodeServer } from './codeServer.ts';
import { usePart } from './parts.ts';
import { packageExtension } from './vsix.ts';
import { windowOn, type Window } from './window.ts';

/** For what happens in a real VS Code on a busy machine. */
export const PATIENCE = { timeout: 60_000 };

const TRUSTING = { 'security.workspace.trust.enabled': false };

/** A real VS Code with the packaged extension, for the tests of a file. */
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

/** All tests of a file that leave it alive share one VS Code. */
export function useWorkbench(): Workbench {
  const openPage = useBrowser({ ours: false });
  const home = mkdtemp(join(tmpdir(), 'workbench-test-'));
  let packaged: Promise<string> | undefined;
  let shared: Promise<CodeServer> | undefined;
  const vsix = async () => (packaged ??= packageExtension(await home));

  function sharedServer(): Promise<CodeServer> {
    const launcher = usePart('codeServer');
    const start = async () =>
      startCodeServer({ launcher, home: await home, vsix: await vsix(), settings: TRUSTING });
    return (shared ??= start());
  }

  afterAll(async () => {
    await (await shared)?.end();
    await rm(await home, { recursive: true, force: true });
  });

  return {
    vsix,
    async open(folder, server) {
      const { url } = server ?? (await sharedServer());
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
    async installed() {
      await sharedServer();
      return join(await home, 'extensions');
    },
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
