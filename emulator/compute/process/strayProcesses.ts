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
    const strays = (await readHomes()).get(home) ?? [];
    if (strays.length === 0) return;
    for (const pid of strays) end(pid);
  }
}

/** The processes of each home. */
type Homes = ReadonlyMap<string, readonly number[]>;

let reading: Promise<Homes> = Promise.resolve(new Map());
let next: Promise<Homes> | null = null;

/** Reads all processes. Machines that end together share one reading, which begins after each call. */
function readHomes(): Promise<Homes> {
  return (next ??= reading.then(() => {
    next = null;
    return (reading = scanProcesses());
  }));
}

async function scanProcesses(): Promise<Homes> {
  const homes = new Map<string, number[]>();
  const pids = await readProcesses();
  await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      const [, home] = /(?:^|\0)HOME=([^\0]*)/.exec(environment) ?? [];
      if (home !== undefined) homes.set(home, [...(homes.get(home) ?? []), pid]);
    }),
  );
  return homes;
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has already ended.
  }
}
