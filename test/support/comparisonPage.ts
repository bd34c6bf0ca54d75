import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { serverAgent } from './agents.ts';
import { useProject } from './project.ts';

/** Two agents side by side as one finds them: by what things are called, as a screen reader does. */
export interface ComparisonPage {
  readonly message: Locator;
  /** Of the composer, where it ends both answers. */
  readonly stop: Locator;
  readonly begin: Locator;
  /** What an agent has answered, by the name over it. */
  lane(name: string): Locator;
  /** The answers of a lane, oldest first. */
  answers(name: string): Locator;
  readonly leftAgent: Locator;
  readonly rightAgent: Locator;
  /** The tables of what the answers differ in, one a message. */
  readonly tables: Locator;
  /** The rows of the last table, each by its figure. */
  figures(): Promise<Record<string, string[]>>;
  /** Sends a message as soon as that is possible. */
  send(prompt: string): Promise<void>;
  /** Sends a message and waits until both have ended. */
  ask(prompt: string): Promise<void>;
}

/** Finds the parts of a comparison on a page or in a frame of it. */
export function comparisonOn(page: Page | FrameLocator): ComparisonPage {
  const lane = (name: string) => page.getByRole('log', { name, exact: true });
  const message = page.getByRole('textbox', { name: 'Message', exact: true });
  const tables = page.getByRole('table', { name: /^Message \d+, compared$/ });

  async function send(prompt: string): Promise<void> {
    await message.fill(prompt);
    await page.locator('button[type=submit]:enabled').waitFor();
    await message.press('Enter');
  }

  return {
    message,
    stop: page.getByRole('button', { name: 'Stop', exact: true }),
    begin: page.getByRole('button', { name: 'New comparison' }),
    lane,
    answers: (name) => lane(name).locator('article.answer'),
    leftAgent: page.getByRole('combobox', { name: 'Left agent' }),
    rightAgent: page.getByRole('combobox', { name: 'Right agent' }),
    tables,
    async figures() {
      const rows = await tables.last().locator('tbody tr').all();
      const texts = await Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()));
      return Object.fromEntries(texts.map(([figure, ...cells]) => [figure, cells]));
    },
    send,
    async ask(prompt) {
      const before = await tables.count();
      await send(prompt);
      await tables.nth(before).waitFor();
    },
  };
}

/** A model's answer in Bedrock's words, with what it took; the prompt says what else becomes of it. */
export function comparedAgent({
  answer,
  tool,
  outputTokens,
}: {
  readonly answer: string;
  /** The tool that it uses, if any. */
  readonly tool?: string;
  readonly outputTokens: number;
}): string {
  return serverAgent(`
    if (url === '/invocations') {
      const { prompt } = JSON.parse(body);
      if (prompt === 'refuse ' + ${JSON.stringify(answer)}) {
        response.writeHead(500, { 'content-type': 'application/json' });
        return response.end('{"error":"I would rather not"}');
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const event = (value) => response.write('data: ' + JSON.stringify({ event: value }) + '\\n\\n');
      const block = (start, delta) => {
        event({ contentBlockStart: { start } });
        event({ contentBlockDelta: { delta } });
        event({ contentBlockStop: {} });
      };
      event({ messageStart: { role: 'assistant' } });
      const tool = ${JSON.stringify(tool ?? null)};
      if (tool) block({ toolUse: { toolUseId: '1', name: tool } }, { toolUse: { input: '{}' } });
      block({}, { text: prompt === 'echo' ? 'the same' : ${JSON.stringify(answer)} });
      if (prompt === 'go on') return;
      event({ messageStop: { stopReason: 'end_turn' } });
      event({ metadata: { usage: { inputTokens: 12, outputTokens: ${outputTokens} } } });
      return response.end();
    }
  `);
}

/** A project of two agents: Ada, who multiplies, and Bob, who says less. */
export async function usePairProject(): Promise<string> {
  const runtime = (name: string, entrypoint: string) => ({
    name,
    entrypoint,
    codeLocation: 'app/',
  });
  const root = await useProject(
    { name: 'Demo', runtimes: [runtime('Ada', 'main.js'), runtime('Bob', 'bob.js')] },
    comparedAgent({ answer: 'It is **84**.', tool: 'multiply', outputTokens: 40 }),
  );
  const bob = comparedAgent({ answer: 'Eighty-four', outputTokens: 25 });
  await writeFile(join(root, 'app', 'bob.js'), bob);
  return root;
}
