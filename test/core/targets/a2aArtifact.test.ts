import { expect, test } from 'vitest';
import { a2aServer } from '../../support/a2a.ts';
import { formatPart } from '../../support/answers.ts';
import { useEmulator } from '../../support/emulator.ts';
import { useLocalChat } from '../../support/localChat.ts';
import { useProtocolAgent } from '../../support/protocolAgent.ts';

const publishing = a2aServer(`
  const part = ($case, value, filename = '', mediaType = '') =>
    ({ content: { $case, value }, filename, mediaType, metadata: undefined });
  const publish = (artifactId, name, parts, append = false) => bus.publish(AgentEvent.artifactUpdate({
    taskId, contextId, append, lastChunk: true, metadata: undefined,
    artifact: { artifactId, name, description: '', parts, metadata: undefined, extensions: [] },
  }));
  bus.publish(AgentEvent.task({
    id: taskId, contextId, artifacts: [], history: [], metadata: undefined,
    status: { state: 2, message: undefined, timestamp: undefined },
  }));
  publish('a', 'report_*1*', [part('text', 'It '), part('data', { sum: 3 })]);
  publish('a', 'report_*1*', [
    part('raw', Buffer.from('%PDF'), 'sums.pdf', 'application/pdf'),
    part('url', 'https://example.com/sums', '', 'text/csv'),
  ], true);
  publish('b', '', [part('text', 'Made '), part('text', 'twice.')]);
  bus.publish(AgentEvent.statusUpdate({
    taskId, contextId, metadata: undefined,
    status: { state: 3, message: undefined, timestamp: undefined },
  }));
`);

test('each part of an A2A artifact is shown in its own form, below the artifact’s name', async () => {
  const { url } = await useEmulator({ agents: [await useProtocolAgent('A2A', publishing)] });
  const { ask } = await useLocalChat(url);
  const { parts } = await ask('go');
  expect(parts.map(formatPart)).toEqual([
    String.raw`text: **report\_\*1\***` + '\n\nIt ',
    'data: {\n  "sum": 3\n}',
    'notice: The agent sent the file sums.pdf (application/pdf, 4 B).',
    'notice: The agent sent a file (text/csv): https://example.com/sums',
    'text: \n\nMade twice.',
  ]);
});
