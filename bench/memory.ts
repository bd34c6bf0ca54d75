import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadyMessage } from '../src/shared/emulator.ts';
import { openConnection } from './connection.ts';
import { measurePairs, quantiles } from './pairs.ts';
import { runProgram, startProgram } from './program.ts';
import { root } from './project.ts';
import type { Row } from './table.ts';

const REFERENCE = 1_000;
const LIMITED_SIZE = 100_000;
/** Events for each record; AgentCore Memory creates fewer records. */
const EVENTS_A_RECORD = 10;
const ACTORS = 100;
const MEMORY = 'Bench-0000000000';
const START = Date.UTC(2026, 0, 1);
const TURNS = { warmUp: 20, count: 200 };

/** Measures calls to memories of several sizes, each with one session, against a thousand events. */
export async function memoryRows(sizes: readonly number[]): Promise<Row[]> {
  return withFilled(REFERENCE, async (reference) => {
    const rows: Row[] = [];
    for (const size of sizes) {
      rows.push(...(await withFilled(size, (ours) => compare(size, ours, reference))));
    }
    return rows;
  });
}

/** The measured calls. Each returns its duration. */
interface Calls {
  readonly write: () => Promise<number>;
  readonly list: () => Promise<number>;
  readonly retrieve: () => Promise<number>;
  readonly retrieveAnywhere: () => Promise<number>;
}

const names: Readonly<Record<keyof Calls, string>> = {
  write: 'CreateEvent',
  list: 'ListEvents, a page',
  retrieve: 'retrieval, an actor’s',
  retrieveAnywhere: 'retrieval, all actors’',
};

async function compare(size: number, ours: Calls, reference: Calls): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [call, name] of Object.entries(names) as [keyof Calls, string][]) {
    const times = await measurePairs(TURNS, { ours: ours[call], reference: reference[call] });
    rows.push({
      measurement: `${name}, of ${size.toLocaleString('en')} / ${REFERENCE.toLocaleString('en')} events`,
      unit: 'ms',
      ...quantiles(times),
      bar: size === LIMITED_SIZE && call !== 'write' ? { of: 'ours', atMost: 5 } : null,
    });
  }
  return rows;
}

/** Creates a memory with a number of events by import, and calls it over the wire. */
async function withFilled<T>(size: number, use: (calls: Calls) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-bench-'));
  const command = join(root, 'dist', 'agentcore-emulator.js');
  const data = join(folder, 'data');
  try {
    const file = join(folder, 'lines.jsonl');
    await writeLines(size, file);
    await runProgram([command, 'import', file, '--data', data]);
    const emulator = await startProgram([command, '--no-project', '--port=0', '--data', data]);
    try {
      return await use(createCalls(emulator.firstLine));
    } finally {
      await emulator.end();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeLines(size: number, file: string): Promise<void> {
  const out = createWriteStream(file);
  const words = createWords();
  const put = async (line: object) => {
    if (!out.write(`${JSON.stringify(line)}\n`)) await once(out, 'drain');
  };
  await put({ type: 'memory', id: MEMORY, name: 'Bench', eventExpiryDuration: 365 });
  for (let number = 0; number < size; number += 1) {
    const text = words(12);
    const conversational = { role: number % 2 === 0 ? 'USER' : 'ASSISTANT', content: { text } };
    await put({
      type: 'event',
      memory: 'Bench',
      actorId: 'ana',
      sessionId: 'one',
      eventTimestamp: new Date(START + number),
      payload: [{ conversational }],
    });
    if (number % EVENTS_A_RECORD > 0) continue;
    const actor = (number / EVENTS_A_RECORD) % ACTORS;
    const content = { text: words(10) };
    await put({ type: 'record', memory: 'Bench', namespaces: [`/facts/${actor}/`], content });
  }
  out.end();
  await once(out, 'close');
}

function createCalls(firstLine: string): Calls {
  const { url } = JSON.parse(firstLine) as ReadyMessage;
  const connection = openConnection(Number(new URL(url).port));
  const headers = { 'content-type': 'application/json' };
  const send = async (path: string, body: object) =>
    (await connection.send('POST', `/memories/${MEMORY}${path}`, headers, JSON.stringify(body)))
      .total;
  const words = createWords();
  const retrieve = (place: object) => () =>
    send('/retrieve', { ...place, searchCriteria: { searchQuery: words(4) } });
  const payload = [{ conversational: { role: 'USER', content: { text: words(12) } } }];
  let written = 0;
  return {
    write() {
      written += 1;
      const eventTimestamp = START / 1_000 + written * 60;
      return send('/events', { actorId: 'ana', sessionId: 'one', eventTimestamp, payload });
    },
    list: () => send('/actor/ana/sessions/one', { maxResults: 20 }),
    retrieve: retrieve({ namespace: '/facts/7/' }),
    retrieveAnywhere: retrieve({ namespacePath: '/facts' }),
  };
}

/** Creates reproducible texts of a few common and many rare words. */
function createWords(): (count: number) => string {
  let state = 7;
  const random = () => (state = (state * 1_664_525 + 1_013_904_223) >>> 0) / 2 ** 32;
  const word = () => `w${Math.floor(5_000 * random() ** 3).toString(36)}`;
  return (count) => Array.from({ length: count }, word).join(' ');
}
