import { randomBytes } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import type { HostMessage } from '../src/shared/chat/hostMessage.ts';
import { createConversation, show, withChromium, withWindow } from './chatWindow.ts';
import { measurePairs, quantiles } from './pairs.ts';
import type { Row } from './table.ts';

const MESSAGES = 10_000;
const TOKENS_A_SECOND = 200;
const SECONDS = 5;

/** Characters that a long answer grows by in one frame; enough to be parsed again. */
const MORE = 32_768;

/** An answer with all kinds of Markdown, which is repeated. */
const ANSWER = `## A heading

Some **bold words**, \`code\` and a [link](https://example.com/a) in a paragraph that wraps.

- one item
- another, with *emphasis*

\`\`\`ts
const answer: number = 6 * 7; // of everything
export function tell(): string {
  return \`It is \${answer}.\`;
}
\`\`\`

| what | how many |
|:-----|---------:|
| tokens | 200 |

`;

/** Counts frames for some seconds, optionally while tokens stream. */
const FRAMES = `(tokens) => new Promise((resolve) => {
  const times = [];
  let sent = 0;
  const began = performance.now();
  // Timers can be late. Missing tokens are sent at once, as from a socket.
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - began) / 1000) * ${TOKENS_A_SECOND});
    for (; tokens && sent < due; sent++) {
      const event = { type: 'text', text: tokens[sent % tokens.length] };
      postMessage({ type: 'answered', turn: 'new', event, at: 1 }, '*');
    }
  }, 5);
  function frame(time) {
    times.push(time);
    if (time - began < ${SECONDS * 1000}) return requestAnimationFrame(frame);
    clearInterval(timer);
    resolve(times.slice(1).map((time, index) => time - times[index]));
  }
  requestAnimationFrame(frame);
})`;

/**
 * Measures the chat in Chromium: frames while an answer streams, and opening a long conversation and
 * an answer without a space.
 */
export async function chatRows(): Promise<Row[]> {
  const rows = await withChromium(async (browser) => [
    ...(await frameRows(browser, 'a new conversation', 0)),
    ...(await frameRows(browser, `${MESSAGES} messages`, MESSAGES)),
    await openingRow(browser),
    ...(await longRunRows(browser)),
  ]);
  return rows ?? [];
}

async function frameRows(browser: Browser, where: string, messages: number): Promise<Row[]> {
  const frames = { ours: [] as number[], reference: [] as number[] };
  const count = async (side: keyof typeof frames, page: Page, tokens: string[] | null) => {
    frames[side].push(...(await page.evaluate<number[]>(`(${FRAMES})(${JSON.stringify(tokens)})`)));
    return 0;
  };
  await measurePairs(
    { warmUp: 0, count: 3 },
    {
      ours: () =>
        withWindow(browser, 'chat', async (page) => {
          await show(page, createConversation(messages));
          await show(page, { type: 'asked', turn: 'new', prompt: 'Go on.', at: 0 });
          return count('ours', page, ANSWER.split(/(?<=\s)/));
        }),
      reference: () => withWindow(browser, 'empty', (page) => count('reference', page, null)),
    },
  );
  return [
    {
      measurement: `frames at ${TOKENS_A_SECOND} tokens/s, ${where} / empty page`,
      unit: '/s',
      ours: perSecond(frames.ours),
      reference: perSecond(frames.reference),
      bar: { of: 'ours', atLeast: 55 },
    },
    {
      measurement: `frames within 1/55 s at ${TOKENS_A_SECOND} tokens/s, ${where} / empty page`,
      unit: '%',
      ours: shareInTime(frames.ours),
      reference: shareInTime(frames.reference),
      bar: null,
    },
  ];
}

async function openingRow(browser: Browser): Promise<Row> {
  const open = (messages: number) =>
    withWindow(browser, 'chat', (page) => show(page, createConversation(messages)));
  const times = await measurePairs(
    { warmUp: 1, count: 7 },
    { ours: () => open(MESSAGES), reference: () => open(2) },
  );
  return {
    measurement: `opening ${MESSAGES} messages / 2 messages`,
    unit: 'ms',
    ...quantiles(times),
    bar: { of: 'ours', atMost: 300 },
  };
}

/** Measures an answer without spaces, such as an encoded file, when it opens and grows. */
async function longRunRows(browser: Browser): Promise<Row[]> {
  const answer = (text: string): HostMessage => {
    const event = { type: 'text', text } as const;
    return { type: 'answered', turn: 'new', event, at: 1 };
  };
  /** Returns the milliseconds until the last piece of an answer is painted. */
  const paint = (...pieces: string[]) =>
    withWindow(browser, 'chat', async (page) => {
      await show(page, createConversation(2));
      await show(page, { type: 'asked', turn: 'new', prompt: 'Encode it.', at: 0 });
      let milliseconds = 0;
      for (const piece of pieces) milliseconds = await show(page, answer(piece));
      return milliseconds;
    });
  const encoded = randomBytes(750_000).toString('base64');
  const [start, more] = [encoded.slice(0, 1_000), encoded.slice(0, MORE)];
  const opened = await measurePairs(
    { warmUp: 1, count: 5 },
    { ours: () => paint(encoded), reference: () => paint(start) },
  );
  const grown = await measurePairs(
    { warmUp: 1, count: 5 },
    { ours: () => paint(encoded, more), reference: () => paint(start, more) },
  );
  return [
    {
      measurement: 'showing 1 MB of base64 / 1 kB of base64',
      unit: 'ms',
      ...quantiles(opened),
      bar: { of: 'ratio', atMost: 10 },
    },
    {
      measurement: '32 kB more of 1 MB of base64 / of 1 kB of base64',
      unit: 'ms',
      ...quantiles(grown),
      bar: { of: 'ratio', atMost: 3 },
    },
  ];
}

function perSecond(frames: readonly number[]): number {
  return (1_000 * frames.length) / frames.reduce((sum, time) => sum + time, 0);
}

function shareInTime(frames: readonly number[]): number {
  return (100 * frames.filter((time) => time <= 1_000 / 55).length) / frames.length;
}
