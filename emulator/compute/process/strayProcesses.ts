import { readFile } from 'node:fs/promises';
import { readProcesses } from '../listeningSockets.ts';

/** Limits the attempts against programs that keep starting processes. */
const ROUNDS = 20;

/**
 * Kills a machine's processes outside its groups, such as daemons and jobs of a terminal. On Linux
 * they are identified by the machine's home in their environment. On other systems they keep running.
 */
export async function endStrayProcesses(home: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const strays = await findProcesses(home);
    if (strays.length === 0) return;
    for (const pid of strays) end(pid);
  }
}

async function findProcesses(home: string): Promise<number[]> {
  const pids = await readProcesses();
  const environments = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')),
  );
  const variable = Buffer.from(`HOME=${home}`).toString('latin1');
  return pids.filter((_, index) => environments[index]!.split('\0').includes(variable));
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has already ended.
  }
}
