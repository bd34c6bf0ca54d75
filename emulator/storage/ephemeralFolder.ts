import { lstatSync, mkdtempSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { READY_FILE, type ReadyMessage } from '../../src/shared/emulator.ts';
import type { Logger } from '../log.ts';
import { removeFolder } from './removal.ts';
import { STATE_FILE } from './storage.ts';

const PREFIX = 'agentcore-ephemeral-';

/** Creates the folder of an emulator that keeps no state, which the emulator removes when it closes. */
export function createEphemeralFolder(): string {
  return mkdtempSync(join(tmpdir(), PREFIX));
}

/** Removes the ephemeral folders that killed emulators of this user left, with memories and output in them. */
export async function removeAbandonedFolders(logger: Logger): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    try {
      if (!(await isAbandoned(folder))) continue;
      await removeFolder(folder);
      logger.info(`Removed ${folder}, which a killed emulator left.`);
    } catch (error) {
      logger.debug(`Did not remove ${folder}: ${(error as Error).message}`);
    }
  }
}

/** True if the folder is this user's, and the emulator that announced itself in it has ended. */
async function isAbandoned(folder: string): Promise<boolean> {
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) return false;
  const { pid } = JSON.parse(await readFile(join(folder, READY_FILE), 'utf8')) as ReadyMessage;
  return !isRunning(pid) && !isLocked(join(folder, STATE_FILE));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** The process id of an emulator in another container means nothing here; its lock does. */
function isLocked(file: string): boolean {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE; ROLLBACK;');
    return false;
  } catch {
    return true;
  } finally {
    database.close();
  }
}
