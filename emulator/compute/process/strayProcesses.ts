import { readFile } from 'node:fs/promises';
import { readProcesses } from '../listeningSockets.ts';

/** Who starts processes faster than they can be ended wins in the end. */
const ROUNDS = 20;

/**
 * Ends the processes of a machine that have left their group, such as daemons and the jobs of a
 * terminal. They are known by the machine's home in their environment, which Linux shows; elsewhere
 * those that hide so well stay.
 */
export async function endStrayProcesses(home: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const strays = await processesOf(home);
    if (strays.length === 0) return;
    for (const pid of strays) end(pid);
  }
}

async function processesOf(home: string): Promise<number[]> {
  const pids = await readProcesses();
  const environments = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')),
  );
  const mark = Buffer.from(`HOME=${home}`).toString('latin1');
  return pids.filter((_, index) => environments[index]!.split('\0').includes(mark));
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in between, which is as well.
  }
}
