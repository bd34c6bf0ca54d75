import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isLoopback } from '../../shared/loopback.ts';
import { createAdminClient } from '../emulatorClient/adminClient.ts';
import { readReady } from './logLine.ts';
import { DATA_FOLDER, READY_FILE } from '../../shared/emulator.ts';

/** Timeout of the health check. */
const HEALTH_TIMEOUT_MILLISECONDS = 5_000;

/** Finds the URL of the emulator that serves a project; null if none does. */
export function findRunningEmulator(project: string): Promise<string | null> {
  return findEmulatorByDataFolder(join(project, DATA_FOLDER));
}

/** Finds the URL of the emulator that uses a data folder; null if none does. */
export async function findEmulatorByDataFolder(dataFolder: string): Promise<string | null> {
  try {
    const ready = readReady(await readFile(join(dataFolder, READY_FILE), 'utf8'));
    // The file may have come with the project. Prompts must not leave this machine.
    if (ready === null || !isLoopback(hostName(ready.url))) return null;
    const signal = AbortSignal.timeout(HEALTH_TIMEOUT_MILLISECONDS);
    const { pid } = await createAdminClient(ready.url).health(signal);
    // A killed emulator leaves its file, and another one may use its port.
    return pid === ready.pid ? ready.url : null;
  } catch {
    return null;
  }
}

function hostName(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}
