import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isLoopback } from '../../shared/loopback.ts';
import { createAdminClient } from '../emulatorClient/adminClient.ts';
import { readReady } from './logLine.ts';
import { DATA_FOLDER, READY_FILE } from '../../shared/emulator.ts';

/** How long one that serves may take to say so. */
const ANSWER_MILLISECONDS = 5_000;

/** Where an emulator serves that holds the project's data folder, whoever started it. */
export function findRunningEmulator(project: string): Promise<string | null> {
  return whereItServes(join(project, DATA_FOLDER));
}

/** Where the emulator serves that holds a data folder; null while none does. */
export async function whereItServes(dataFolder: string): Promise<string | null> {
  try {
    const ready = readReady(await readFile(join(dataFolder, READY_FILE), 'utf8'));
    // The file may have come with the project, and prompts stay on this machine.
    if (ready === null || !isLoopback(hostName(ready.url))) return null;
    const signal = AbortSignal.timeout(ANSWER_MILLISECONDS);
    const { pid } = await createAdminClient(ready.url).health(signal);
    // Of one that was killed the file is still there, and another may have its port.
    return pid === ready.pid ? ready.url : null;
  } catch {
    return null;
  }
}

function hostName(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

/** Resolves when the emulator at an address has ended, or nobody wants to know any more. */
export async function untilGone(url: string, signal: AbortSignal): Promise<void> {
  try {
    // The event stream ends with the emulator. Its rarest events are enough.
    for await (const _ of await createAdminClient(url).events(['clock'], signal));
  } catch {
    // The connection broke.
  }
}
