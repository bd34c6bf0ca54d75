import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCommand } from './emulator.ts';
import { measurePairs, quantiles } from './pairs.ts';
import { root, sample } from './project.ts';
import { startProgram, type Program } from './program.ts';
import type { Row } from './table.ts';

/** After the ready line, until memory has settled. */
const SETTLE_MILLISECONDS = 150;

/** Spawn to ready, and memory then, against a bare HTTP server. */
export async function startRows(): Promise<Row[]> {
  const memory = { ours: [] as number[], reference: [] as number[] };
  async function measure(side: keyof typeof memory, starting: Promise<Program>): Promise<number> {
    const program = await starting;
    await sleep(SETTLE_MILLISECONDS);
    memory[side].push(await program.memory());
    await program.end();
    return program.startTime;
  }
  const time = await measurePairs(
    { warmUp: 2, count: 20 },
    {
      ours: () => measure('ours', startCommand(sample.folder)),
      reference: () => measure('reference', startProgram([join(root, 'bench', 'bareServer.cjs')])),
    },
  );
  return [
    {
      what: 'start to ready / bare HTTP server',
      unit: 'ms',
      ...quantiles(time),
      bar: { of: 'added', atMost: 100 },
    },
    {
      what: 'resident memory / bare HTTP server',
      unit: 'MB',
      ...quantiles(memory),
      bar: { of: 'ours', atMost: 100 },
    },
  ];
}
