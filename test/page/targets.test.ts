import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { HostMessage } from '../../src/shared/chat/hostMessage.ts';
import type { SourceState } from '../../src/shared/chat/source.ts';
import type { ViewMessage } from '../../src/shared/schemas/viewMessage.ts';
import type { Target } from '../../src/shared/target.ts';
import { echoAgent, useAgent } from '../support/agents.ts';
import { useAwsStandIn } from '../support/awsStandIn.ts';
import { useBrowser } from '../support/browser.ts';
import { createChatPage } from '../support/chatPage.ts';
import { useCommand } from '../support/command.ts';
import { project, useProject } from '../support/project.ts';
import { useProvider } from '../support/provider.ts';
import { scriptedAgent } from '../support/chat.ts';
import { findAccessibilityViolations } from '../support/accessibility.ts';

const openPage = useBrowser();

/** Opens the page of an emulator whose AWS endpoint is a second emulator. */
async function useMachine() {
  const agent = await useAgent(echoAgent);
  const aws = await useAwsStandIn([agent, { ...agent, name: 'Sole' }]);
  const root = await useProject(project, scriptedAgent);
  const running = useCommand(
    [root, '--port', '0', '--ephemeral', '--token', 'auto'],
    aws.environment,
  );
  const { url } = await running.ready();
  const page = await openPage(url);
  return { aws, page, chat: createChatPage(page) };
}

test('A runtime in AWS can be found, its endpoint selected and invoked with the keyboard alone.', async () => {
  const { page, chat, aws } = await useMachine();
  await chat.message.waitFor();
  await page.getByRole('button', { name: 'Agents in AWS' }).press('Enter');
  await page.getByLabel('Profile').selectOption('dev');
  await expect.poll(() => page.getByLabel('Region').inputValue()).toBe('eu-central-1');
  await page.getByText(`An environment variable redirects AWS calls to ${aws.url}`).waitFor();
  await page.getByLabel('Region').press('Enter');
  await page.getByRole('button', { name: /Sole/ }).press('Enter');
  await page.getByRole('radio', { name: /^DEFAULT/, checked: true }).waitFor();
  const [field, panel] = await Promise.all([
    page.getByLabel('Runtime ARN').boundingBox(),
    page.getByRole('region', { name: 'Agents in AWS' }).boundingBox(),
  ]);
  expect(field!.width).toBeGreaterThan(panel!.width * 0.9);
  await page.getByRole('button', { name: /^Test_Agent/ }).press('Enter');
  const prod = page.getByRole('radio', { name: /^prod/ });
  await prod.waitFor();
  expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
  expect(await findAccessibilityViolations(page)).toEqual([]);
  await prod.press('Space');
  await prod.press('Enter');
  expect(await chat.ask('Hello')).toContain('"{\\"prompt\\": \\"Hello\\"}"');
  const agent = page.getByRole('combobox', { name: 'Agent' });
  expect(await agent.locator('option:checked').innerText()).toBe(
    'Test_Agent · prod (eu-central-1)',
  );
  await agent.selectOption('Helper');
  await expect.poll(() => chat.answers.count()).toBe(0);
  expect(await chat.ask('from here')).toBe('from here');
});

test('An ARN is validated as it is typed, and the user must choose its endpoint.', async () => {
  const { page, chat, aws } = await useMachine();
  await chat.message.waitFor();
  await page.getByRole('button', { name: 'Agents in AWS' }).click();
  const arn = page.getByLabel('Runtime ARN');
  await arn.fill('arn:aws:s3:::bucket');
  await page.getByText(/^Enter a runtime ARN such as/).waitFor();
  await arn.fill(aws.agent.arn);
  await page.getByText('Region eu-central-1, account 000000000000.').waitFor();
  await page.getByRole('button', { name: 'Start chat' }).click();
  expect(await page.getByLabel('Endpoint').evaluate((field) => field.matches(':invalid'))).toBe(
    true,
  );
  await page.getByLabel('Endpoint').fill('DEFAULT');
  await page.getByLabel('Profile').selectOption('dev');
  await page.getByRole('button', { name: 'Start chat' }).click();
  expect(await chat.ask('Hello')).toContain('Hello');
});

test('The page of an emulator that listens on the network does not use the developer’s credentials.', async () => {
  const root = await useProject(project, scriptedAgent);
  const args = [root, '--port', '0', '--ephemeral', '--host', '0.0.0.0', '--token', 'letmein'];
  const { url } = await useCommand(args).ready();
  const page = await openPage(`${new URL(url).origin}/@letmein/`);
  await createChatPage(page).message.waitFor();
  expect(await page.getByRole('button', { name: 'Conversations' }).count()).toBe(1);
  await page.getByRole('button', { name: 'Agents in AWS' }).click();
  const panel = page.getByRole('region', { name: 'Agents in AWS' });
  await panel.getByText('other machines can reach this emulator at 0.0.0.0').waitFor();
  expect(await panel.getByLabel('Profile').count()).toBe(0);
});

/** A target without the emulator's endpoint, which is called with the developer's credentials. */
function targetOf(runtimeArn: string): Target {
  return {
    region: 'eu-central-1',
    runtimeArn,
    qualifier: 'DEFAULT',
    protocol: 'HTTP',
    authorization: 'signature',
  };
}

test('Without a token, the page does not use the developer’s credentials and says how to allow it.', async () => {
  const aws = await useAwsStandIn([await useAgent(echoAgent)]);
  const root = await useProject(project, scriptedAgent);
  const running = useCommand([root, '--port', '0', '--ephemeral'], aws.environment);
  const { url } = await running.ready();
  const page = await openPage(url);
  await createChatPage(page).message.waitFor();
  await page.getByRole('button', { name: 'Agents in AWS' }).click();
  const panel = page.getByRole('region', { name: 'Agents in AWS' });
  await panel.getByText('Start the emulator with --token auto').waitFor();
  expect(await panel.getByLabel('Profile').count()).toBe(0);
  expect(await findAccessibilityViolations(page)).toEqual([]);

  // Another program of this machine does not need the page.
  const socket = new WebSocket(`${url.replace('http', 'ws')}/chat`);
  onTestFinished(() => socket.terminate());
  const states: SourceState[] = [];
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as HostMessage;
    if (message.type === 'state') states.push(message.state);
    if (message.type === 'source') states.push(message);
  });
  await once(socket, 'open');
  const send = (message: ViewMessage) => socket.send(JSON.stringify(message));
  send({ type: 'aws', request: { type: 'readAccount' } });
  send({ type: 'aws', request: { type: 'addTarget', target: targetOf(aws.agent.arn) } });
  send({ type: 'ready' });
  await expect.poll(() => states.length).toBe(1);
  expect(states[0]!.aws).toBe(null);
  expect(states[0]!.agents.map(({ name }) => name)).toEqual(['Helper']);
});

test('The page asks for the token that an agent requires, and the prompt waits for it.', async () => {
  const provider = await useProvider();
  const { discoveryUrl } = provider;
  const authorizer = {
    authorizerType: 'CUSTOM_JWT',
    authorizerConfiguration: { customJwtAuthorizer: { discoveryUrl, allowedAudience: ['chat'] } },
  };
  const guarded = { ...project, runtimes: [{ ...project.runtimes[0], ...authorizer }] };
  const root = await useProject(guarded, scriptedAgent);
  const { url } = await useCommand([root, '--port', '0', '--ephemeral']).ready();
  const page = await openPage(url);
  const chat = createChatPage(page);
  await chat.begin('Hello');
  const form = page.getByRole('form', { name: 'Token for Helper' });
  await form.getByText(/Authorization method mismatch/).waitFor();
  expect(await findAccessibilityViolations(page, 'form.token')).toEqual([]);
  const field = form.getByLabel('Token (JWT) for Helper');
  expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
  await field.fill(await provider.token({ aud: 'chat' }));
  await field.press('Enter');
  await expect.poll(() => chat.answerTexts()).toEqual([expect.stringContaining('Hello')]);
});
