import { expect, onTestFinished, test } from 'vitest';
import type { PageSocket } from '../../emulator/index.ts';
import { openChatPage } from '../../src/cli/chatPage.ts';
import type { HostMessage } from '../../src/shared/chat/hostMessage.ts';
import { echoAgent, useAgent } from '../support/agents.ts';
import { useEmulator } from '../support/emulator.ts';

test('invalid messages of the chat page are refused and logged', async () => {
  const { url } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const logger = { warn: log, error: log };
  const options = { url, key: undefined, folder: null, awsUnavailable: null, logger };
  const page = await openChatPage(options);
  onTestFinished(page.close);
  const posted: HostMessage[] = [];
  const refusals: string[] = [];
  let receive: (message: string) => void = () => {};
  const socket: PageSocket = {
    send: (message) => void posted.push(JSON.parse(message) as HostMessage),
    onMessage: (listener) => void (receive = listener),
    onClose: () => {},
    refuse: (reason) => void refusals.push(reason),
  };
  page.connect(socket, 'chat');
  receive('{"type":"ready"}');
  expect(posted).toMatchObject([{ type: 'state' }]);
  receive('{"type":"stop"}');
  receive('no JSON');
  expect(refusals).toEqual(Array(2).fill('not a message of the chat protocol'));
  expect(logged).toEqual([
    expect.stringMatching(
      /^Rejected a message of the chat page: Invalid chat message 'stop': turn: /,
    ),
    expect.stringMatching(/^Rejected a message of the chat page: .*JSON/),
  ]);
});
