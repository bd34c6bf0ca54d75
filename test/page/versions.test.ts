import {
  CreateAgentRuntimeCommand,
  CreateAgentRuntimeEndpointCommand,
  UpdateAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { useCommand } from '../support/command.ts';
import { comparedAgent, createComparisonPage } from '../support/comparisonPage.ts';
import { nodeCode, waitUntilSettled, useControlPlane } from '../support/controlPlane.ts';
import { useS3, createZip } from '../support/s3.ts';

const openPage = useBrowser();

const zipOfAgent = (answer: string, outputTokens: number) =>
  createZip(
    { name: 'package.json', text: '{ "type": "module" }' },
    { name: 'main.js', text: comparedAgent({ answer, outputTokens }) },
  );

test('Two versions of an agent can be compared, one of them created while the page was open.', async () => {
  const s3 = await useS3();
  await s3.put('one.zip', await zipOfAgent('First of all', 30));
  await s3.put('two.zip', await zipOfAgent('Second', 20));
  const { url } = await useCommand(['--no-project', '--port', '0', '--ephemeral']).ready();
  const control = useControlPlane({ url });
  const { agentRuntimeId } = await control.send(
    new CreateAgentRuntimeCommand(nodeCode('Ada', 'one.zip')),
  );
  await waitUntilSettled(control, agentRuntimeId);
  const page = await openPage(`${url}/compare`);
  const { message, ask, answers, figures, leftAgent, rightAgent } = createComparisonPage(page);
  await message.waitFor();
  expect(await leftAgent.count()).toBe(0);

  await control.send(new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'prod' }));
  const { agentRuntimeName: _, ...second } = nodeCode('Ada', 'two.zip');
  await control.send(new UpdateAgentRuntimeCommand({ ...second, agentRuntimeId }));
  await waitUntilSettled(control, agentRuntimeId);
  await page.reload();
  await leftAgent.selectOption('Ada (version 2)');
  await rightAgent.selectOption('Ada · prod (version 1)');
  await ask('Which are you?');
  expect(await answers('Ada (version 2)').innerText()).toBe('Second');
  expect(await answers('Ada · prod (version 1)').innerText()).toBe('First of all');
  expect(await figures()).toMatchObject({
    'Tokens out': ['20', '30', 'Ada (version 2) 10 fewer'],
    Answer: ['1 word', '3 words', 'different text'],
  });
});
