import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { serverAgent } from './agents.ts';
import { useProject } from './project.ts';

/** Locators of the comparison's elements, found by their accessible names where possible. */
export interface ComparisonPage {
  readonly message: Locator;
  /** The composer's stop button, which ends both answers. */
  readonly stop: Locator;
  readonly begin: Locator;
  /** The lane of an agent, by its name. */
  lane(name: string): Locator;
  /** The answers in an agent's lane, oldest first. */
  answers(name: string): Locator;
  readonly leftAgent: Locator;
  readonly rightAgent: Locator;
  /** The comparison tables, one per message. */
  readonly tables: Locator;
  /** Returns the cells of the last table by the name of their figure. */
  figures(): Promise<Record<string, string[]>>;
  /** Sends a message as soon as sending is enabled. */
  send(prompt: string): Promise<void>;
  /** Sends a message and waits until both answers have ended. */
  ask(prompt: string): Promise<void>;
}

/** Creates the locators for a page or a frame. */
export function createComparisonPage(page: Page | FrameLocator): ComparisonPage {
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

/** Source of an agent that answers in Bedrock's event format with token usage. Some prompts change its behavior. */
export function comparedAgent({
  answer,
  tool,
  outputTokens,
}: {
  readonly answer: string;
  /** Name of the tool that the agent uses, if any. */
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

/** Creates a project with two agents: Ada, which uses a tool, and Bob, which gives shorter answers. */
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
