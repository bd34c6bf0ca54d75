// Measures performance figures, each with a reference from the same run.
import process from 'node:process';
import { chatRows } from './chat.ts';
import { chunkSpacingRows } from './chunkSpacing.ts';
import { containerSessionRows } from './containerSession.ts';
import { firstByteRows } from './firstByte.ts';
import { invocationRows } from './invocation.ts';
import { manySessionsRows } from './manySessions.ts';
import { manyStreamsRows } from './manyStreams.ts';
import { memoryRows } from './memory.ts';
import { modelRows } from './model.ts';
import { newSessionRows } from './newSession.ts';
import { simulatedSessionsRows } from './internals/simulatedSessions.ts';
import { startRows } from './start.ts';
import { printTable, type Row } from './table.ts';
import { warmSessionRows } from './warmSession.ts';

const groups: Readonly<Record<string, () => Promise<Row[]>>> = {
  start: startRows,
  invocation: invocationRows,
  'new-session': newSessionRows,
  'warm-session': warmSessionRows,
  'container-session': containerSessionRows,
  'first-byte': firstByteRows,
  'chunk-spacing': chunkSpacingRows,
  'many-streams': manyStreamsRows,
  'many-sessions': manySessionsRows,
  'simulated-sessions': simulatedSessionsRows,
  model: modelRows,
  chat: chatRows,
  memory: () => memoryRows([10_000, 100_000]),
  'memory-million': () => memoryRows([1_000_000]),
};

/** Groups that take minutes to set up and run only if they are named. */
const onDemand = new Set(['memory-million']);

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !(name in groups));
if (unknown !== undefined) {
  process.stderr.write(
    `bench: unknown group '${unknown}'. Groups: ${Object.keys(groups).join(', ')}\n`,
  );
  process.exit(2);
}

const rows: Row[] = [];
for (const [name, measure] of Object.entries(groups)) {
  if (chosen.length > 0 ? !chosen.includes(name) : onDemand.has(name)) continue;
  process.stderr.write(`Measuring ${name} …\n`);
  rows.push(...(await measure()));
}
printTable(rows);
