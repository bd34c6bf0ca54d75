import { expect, test } from 'vitest';
import { serverAgent } from '../support/agents.ts';
import { useBrowser } from '../support/browser.ts';
import { createChatPage } from '../support/chatPage.ts';
import { useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';
import { findAccessibilityViolations } from '../support/accessibility.ts';

const openPage = useBrowser();

/** An MCP server with the tools `now` and `divide`. */
const dividingServer = serverAgent(`
  if (request.method === 'POST') {
    const { id, method, params } = JSON.parse(String(body));
    if (id === undefined) return response.writeHead(202).end();
    const answer = (result) => json(response, { jsonrpc: '2.0', id, result });
    if (method === 'initialize') return answer({ protocolVersion: params.protocolVersion });
    if (method === 'tools/list') {
      return answer({ tools: [{ name: 'now', inputSchema: {} }, {
        name: 'divide',
        description: 'Divides one number by another.',
        inputSchema: {
          properties: {
            dividend: { type: 'number' },
            divisor: { type: 'integer', description: 'By what' },
            rounding: { enum: ['up', 'down'] },
            exactly: { type: 'boolean' },
          },
          required: ['dividend', 'divisor'],
        },
      }] });
    }
    const { dividend, divisor } = params?.arguments ?? {};
    return answer({ content: [{ type: 'text', text: String(dividend / divisor) }] });
  }
`).replace('8080', '8000');

/** Opens the page with an MCP agent. */
async function useTools() {
  const mcp = {
    ...project,
    runtimes: [{ ...project.runtimes[0], protocol: 'MCP' }],
  };
  const root = await useProject(mcp, dividingServer);
  const { url } = await useCommand([root, '--port', '0', '--ephemeral']).ready();
  const page = await openPage(url);
  return { page, chat: createChatPage(page) };
}

test('Tools are listed and called from a form that validates its input.', async () => {
  const { page, chat } = await useTools();
  await page.getByRole('button', { name: 'List tools' }).click();
  await page.getByRole('combobox', { name: 'Tool', exact: true }).selectOption('divide');
  await page.getByText('Divides one number by another.').waitFor();
  await page.getByLabel('dividend').fill('12');
  await page.getByLabel('divisor').fill('1.5');
  await page.getByRole('button', { name: 'Call divide' }).click();
  await page.getByText('1.5 is not a whole number.').waitFor();
  const divisor = page.getByLabel('divisor');
  expect(await divisor.evaluate((field) => field === document.activeElement)).toBe(true);
  expect(await findAccessibilityViolations(page, '.tools')).toEqual([]);
  await divisor.fill('4');
  await divisor.press('Enter');
  await expect.poll(() => chat.answerTexts()).toEqual([expect.stringContaining('3')]);
  expect(await chat.prompts.allInnerTexts()).toEqual([
    expect.stringContaining('divide {"dividend":12,"divisor":4}'),
  ]);
});
