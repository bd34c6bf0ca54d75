import { expect, onTestFinished, test } from 'vitest';
import type { PageSocket } from '../../emulator/admin/page.ts';
import { openChatPage } from '../../src/cli/chatPage.ts';
import type { HostMessage } from '../../src/shared/chat/hostMessage.ts';
import { echoAgent, useAgent } from '../support/agents.ts';
import { useEmulator } from '../support/emulator.ts';

test('a page that says what is no message of the chat is turned away, which is logged', async () => {
  const { url } = await useEmulator({ agents: [await useAgent(echoAgent)] });
  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  const logger = { warn: say, error: say };
  const page = await openChatPage({ url, key: undefined, folder: null, reachesAws: false, logger });
  onTestFinished(page.close);
  const posted: HostMessage[] = [];
  const refusals: string[] = [];
  let receive: (message: string) => void = () => {};
  const socket: PageSocket = {
    send: (message) => void posted.push(JSON.parse(message) as HostMessage),
    onMessage: (listener) => void (receive = listener),
    onClose: () => {},
    refuse: (why) => void refusals.push(why),
  };
  page.connect(socket, 'chat');
  receive('{"type":"ready"}');
  expect(posted).toMatchObject([{ type: 'state' }]);
  receive('{"type":"stop"}');
  receive('no JSON');
  expect(refusals).toEqual(Array(2).fill('no message of the chat protocol'));
  expect(said).toEqual([
    expect.stringMatching(/^a page was turned away: 'stop' is no message .*: turn: /),
    expect.stringMatching(/^a page was turned away: .*JSON/),
  ]);
});
