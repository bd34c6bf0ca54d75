import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadyMessage } from '../src/shared/emulator.ts';
import { openConnection, type ReusedConnection, type TimedResponse } from './connection.ts';
import { startCommand } from './emulator.ts';
import { measurePairs, quantiles } from './pairs.ts';
import { startProgram, type Program } from './program.ts';
import { root, withMinimalProject } from './project.ts';
import type { Row } from './table.ts';

const TOKENS = 200;
const INTERVAL = 2;
const REPLIES = 15;
const OFFLINE_REPLIES = 60;
const BODY = JSON.stringify({
  model: 'm',
  stream: true,
  messages: [{ role: 'user', content: 'Tell me the times.' }],
});

/** Measures streamed replies through the emulator, against direct calls of the model server. */
export function modelRows(): Promise<Row[]> {
  return withMinimalProject(async ({ folder }) => [
    ...(await upstreamRows(folder)),
    await offlineRow(folder),
  ]);
}

async function upstreamRows(folder: string): Promise<Row[]> {
  const file = join(root, 'bench', 'modelServer.ts');
  return using(await startProgram([file, String(TOKENS), String(INTERVAL)]), async (server) => {
    const port = Number(server.firstLine);
    const options = ['--model', `openai:http://127.0.0.1:${port}/v1`];
    return using(await startCommand(folder, options), async (emulator) => {
      const ours: TimedResponse[] = [];
      const reference: TimedResponse[] = [];
      const proxied = openConnection(portOf(emulator));
      const direct = openConnection(port);
      const cpuBefore = await Promise.all([emulator.cpuTime(), server.cpuTime()]);
      const firstTokens = await measurePairs(
        { warmUp: 0, count: REPLIES },
        {
          ours: async () => keep(ours, await ask(proxied, '/openai/v1')),
          reference: async () => keep(reference, await ask(direct, '/v1')),
        },
      );
      const cpuAfter = await Promise.all([emulator.cpuTime(), server.cpuTime()]);
      proxied.close();
      direct.close();
      // The first pair loads code.
      const delays = {
        ours: ours.slice(1).flatMap(tokenDelays),
        reference: reference.slice(1).flatMap(tokenDelays),
      };
      const cpu = (index: 0 | 1, replies: number): number =>
        ((cpuAfter[index] - cpuBefore[index]) * 1000) / (replies * TOKENS);
      const delay = (name: string, share: number): Row => ({
        measurement: `delay of a model's token, ${name} / direct call`,
        unit: 'ms',
        ...quantiles(delays, share),
        bar: null,
      });
      return [
        delay('p50', 0.5),
        delay('p99', 0.99),
        {
          measurement: "first token of a model's reply / direct call",
          unit: 'ms',
          ...quantiles(firstTokens),
          bar: null,
        },
        {
          measurement: "CPU time for a model's token / of the model server",
          unit: 'µs',
          ours: cpu(0, REPLIES),
          reference: cpu(1, 2 * REPLIES),
          bar: null,
        },
      ];
    });
  });
}

/** Measures the CPU time of the offline model, against the same replies with a single token. */
async function offlineRow(folder: string): Promise<Row> {
  const words = Array.from({ length: 2_000 }, (_, index) => `word${index}`).join(' ');
  const turns = [
    { when: { prompt: 'times' }, text: words },
    { when: { prompt: 'short' }, text: 'word' },
  ];
  // JSON is YAML too.
  await writeFile(join(folder, 'agentcore', 'model-script.yaml'), JSON.stringify({ turns }));
  return using(await startCommand(folder), async (emulator) => {
    const connection = openConnection(portOf(emulator));
    const short = BODY.replace('Tell me the times.', 'short');
    const measure = async (body: string): Promise<number> => {
      const before = await emulator.cpuTime();
      let events = 0;
      for (let count = 0; count < OFFLINE_REPLIES; count += 1) {
        events = (await ask(connection, '/openai/v1', body)).body.split('"content":').length - 1;
      }
      return (((await emulator.cpuTime()) - before) * 1000) / (OFFLINE_REPLIES * events);
    };
    const times = await measurePairs(
      { warmUp: 1, count: 3 },
      { ours: () => measure(BODY), reference: () => measure(short) },
    );
    connection.close();
    return {
      measurement: "CPU time for the offline model's token / reply of one token",
      unit: 'µs',
      ...quantiles(times),
      bar: null,
    };
  });
}

async function using<Result>(
  program: Program,
  use: (program: Program) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(program);
  } finally {
    await program.end();
  }
}

function ask(connection: ReusedConnection, base: string, body = BODY): Promise<TimedResponse> {
  const headers = { 'content-type': 'application/json' };
  return connection.send('POST', `${base}/chat/completions`, headers, body);
}

/** Returns the milliseconds until the first token, because the first event has none. */
function keep(replies: TimedResponse[], reply: TimedResponse): number {
  replies.push(reply);
  const [first] = reply.chunks;
  const withToken = reply.chunks.find(({ text }) => TOKEN.test(text));
  return reply.firstByte + (withToken!.at - first!.at);
}

const TOKEN = /"content":"\d/;

/** Returns each token's milliseconds from sending to arrival. */
function tokenDelays({ chunks }: TimedResponse): number[] {
  return chunks.flatMap(({ text, at }) =>
    [...text.matchAll(/"content":"([\d.]+) "/g)].map(([, sent]) => at - Number(sent)),
  );
}

function portOf({ firstLine }: Program): number {
  return Number(new URL((JSON.parse(firstLine) as ReadyMessage).url).port);
}
