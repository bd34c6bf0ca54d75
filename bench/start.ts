import { setTimeout as sleep } from 'node:timers/promises';
import { startCommand } from './emulator.ts';
import { measurePairs, quantiles, type Pairs } from './pairs.ts';
import { sample } from './project.ts';
import { startProgram, type Program } from './program.ts';
import type { Row } from './table.ts';

/**
 * Uses CommonJS, which starts faster: importing node:http into an ES module also makes Node load
 * fetch.
 */
const BARE_SERVER = `
  const server = require('node:http').createServer((request, response) => response.end('{}'));
  server.listen(0, '127.0.0.1', () => process.stdout.write(server.address().port + '\\n'));
`;

/** Time after the ready line until memory use is stable. */
const SETTLE_MILLISECONDS = 150;

/** Measures start-up time, its CPU time and memory, against a bare HTTP server. */
export async function startRows(): Promise<Row[]> {
  const cpu: Pairs = { ours: [], reference: [] };
  const memory: Pairs = { ours: [], reference: [] };
  async function measure(side: keyof Pairs, starting: Promise<Program>): Promise<number> {
    const program = await starting;
    cpu[side].push(await program.cpuTime());
    await sleep(SETTLE_MILLISECONDS);
    memory[side].push(await program.memory());
    await program.end();
    return program.startTime;
  }
  const time = await measurePairs(
    { warmUp: 2, count: 20 },
    {
      ours: () => measure('ours', startCommand(sample.folder)),
      reference: () => measure('reference', startProgram(['--eval', BARE_SERVER])),
    },
  );
  return [
    {
      measurement: 'CPU from start to ready / bare HTTP server',
      unit: 'ms',
      ...quantiles(cpu),
      bar: { of: 'added', atMost: 100 },
    },
    {
      measurement: 'start to ready / bare HTTP server',
      unit: 'ms',
      ...quantiles(time),
      bar: null,
    },
    {
      measurement: 'resident memory / bare HTTP server',
      unit: 'MB',
      ...quantiles(memory),
      bar: { of: 'ours', atMost: 100 },
    },
  ];
}
