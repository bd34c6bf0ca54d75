import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { Agent } from '../src/shared/agent.ts';
import { emptyChat, type ChatState } from '../src/shared/chat/state.ts';
import type { HostMessage } from '../src/shared/chat/hostMessage.ts';
import type { Turn } from '../src/shared/chat/turn.ts';
import { root } from './project.ts';

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' };

const PAGE = `<!doctype html><html lang="en"><title>Chat</title>
  <link rel="stylesheet" href="style.css"><main id="chat"></main>
  <script type="module" src="chat.js"></script></html>`;

/** A substitute for VS Code's API, and a function that waits for a painted frame. */
const WEBVIEW_API = `
  globalThis.acquireVsCodeApi = () => ({ postMessage() {}, getState() {}, setState() {} });
  globalThis.painted = () => new Promise((resolve) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(null);
  }));
`;

/** Runs Chromium during `use`. Returns null if Chromium is not installed. */
export async function withChromium<T>(use: (browser: Browser) => Promise<T>): Promise<T | null> {
  const executablePath = process.env['WORKBENCH_CHROMIUM'];
  if (executablePath === undefined) return null;
  const browser = await chromium.launch({
    executablePath,
    // Chromium's sandbox does not work as root.
    chromiumSandbox: process.getuid?.() !== 0,
  });
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

/** Opens the chat's bundle as in a side bar of VS Code, or an empty page of the same size, for `use`. */
export async function withWindow<T>(
  browser: Browser,
  content: 'chat' | 'empty',
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const page = await browser.newPage({ viewport: { width: 400, height: 800 } });
  try {
    await page.route('https://chat.bench/**', async (route) => {
      const name = basename(new URL(route.request().url()).pathname);
      if (name === '') {
        const body = content === 'chat' ? PAGE : '<!doctype html><title>Nothing</title>';
        return route.fulfill({ contentType: 'text/html', body });
      }
      const body = await readFile(join(root, 'dist', 'webview', name));
      return route.fulfill({ contentType: TYPES[extname(name)]!, body });
    });
    await page.addInitScript(WEBVIEW_API);
    await page.goto('https://chat.bench/');
    return await use(page);
  } finally {
    await page.close();
  }
}

/** Posts a host's message and returns the milliseconds until its change is painted. */
export function show(page: Page, message: HostMessage): Promise<number> {
  return page.evaluate<number>(`(async (message) => {
    await painted();
    const began = performance.now();
    postMessage(message, '*');
    // The message arrives as a task, and its change is rendered in a separate frame.
    await new Promise((resolve) => addEventListener('message', resolve, { once: true }));
    await painted();
    return performance.now() - began;
  })(${JSON.stringify(message)})`);
}

const agent: Agent = {
  id: 'a',
  name: 'Assistant',
  target: {
    endpoint: 'http://127.0.0.1:9310',
    region: 'us-east-1',
    runtimeArn: 'a',
    qualifier: 'DEFAULT',
    protocol: 'HTTP',
    authorization: 'signature',
  },
};

/** Creates a conversation with a number of prompts and answers in typical Markdown. */
export function createConversation(messages: number): HostMessage {
  const state: ChatState = {
    ...emptyChat,
    connection: { state: 'ready' },
    agents: [agent],
    agent: agent.id,
    hasEditor: true,
    turns: Array.from({ length: messages / 2 }, (_, index) => createTurn(index)),
  };
  return { type: 'state', state };
}

function createTurn(index: number): Turn {
  const text = `Answer **${index}** has words, a [link](https://example.com/${index}) and \`code\`.

- a first item
- a second, with *emphasis*

${index % 10 === 0 ? '```python\ndef double(x):\n    return 2 * x\n```\n\n' : ''}It ends with a sentence of a usual length, which wraps.`;
  return {
    id: `t${index}`,
    prompt: `Question ${index}`,
    opening: null,
    parts: [{ type: 'text', text }],
    usage: null,
    askedAt: 0,
    firstAt: 100,
    endedAt: 900,
    outcome: { type: 'completed' },
  };
}
