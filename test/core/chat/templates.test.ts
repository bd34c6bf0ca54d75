import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTemplateFile } from '../../../src/core/chat/templates/templateFile.ts';
import type { ChatState } from '../../../src/shared/chat/state.ts';
import { answerText } from '../../../src/shared/chat/turn.ts';
import { useAgent, useFolder } from '../../support/agents.ts';
import { cancellableAgent } from '../../support/cancellableAgent.ts';
import { useChat } from '../../support/chat.ts';
import { useEmulator } from '../../support/emulator.ts';

const template = {
  message: '{"text": {{input}}, "by": "{{sessionId}}"}',
  cancel: '{"cancel": "{{sessionId}}"}',
};

const ended = (count: number) => (state: ChatState) =>
  state.turns.length === count && state.turns.at(-1)!.outcome !== null;

async function useCancellable() {
  const emulator = await useEmulator({ agents: [await useAgent(cancellableAgent)] });
  const { view, agent } = useChat(emulator);
  view.send({ type: 'saveTemplate', agent, template });
  return { view, agent };
}

test('a template builds the payload, and raw payloads are sent unchanged', async () => {
  const { view, agent } = await useCancellable();
  view.send({ type: 'send', prompt: 'hi "you"' });
  const { turns, sessionId } = await view.until(ended(1));
  expect(JSON.parse(answerText(turns[0]!))).toEqual({
    sent: { text: 'hi "you"', by: sessionId },
  });

  view.send({ type: 'send', prompt: '{"x": "{{input}}"}', isPayload: true });
  const sent = (await view.until(ended(2))).turns[1]!;
  expect(JSON.parse(answerText(sent))).toEqual({ sent: { x: '{{input}}' } });
  view.send({ type: 'retry', turn: sent.id });
  expect(answerText((await view.until(ended(3))).turns[2]!)).toBe(answerText(sent));

  view.send({ type: 'send', prompt: '{"x": 1', isPayload: true });
  expect((await view.until(ended(4))).turns[3]!.outcome).toMatchObject({
    failure: {
      message: expect.stringContaining('line 1, column 1: This bracket has no closing'),
    },
  });

  view.send({ type: 'saveTemplate', agent, template: null });
  await view.until(({ templates }) => Object.keys(templates).length === 0);
});

test('the agent’s cancel payload ends its work and the answer', async () => {
  const { view } = await useCancellable();
  view.send({ type: 'send', prompt: 'work' });
  await view.until(({ turns }) => turns.length === 1 && turns[0]!.parts.length > 0);
  view.send({ type: 'cancelWork' });
  const { turns, sessionId } = await view.until(ended(1));
  expect(answerText(turns[0]!)).toBe(`working, ended for ${sessionId}`);
  expect(turns[0]!.outcome).toEqual({ type: 'completed' });
});

test('a refused cancel payload is reported, and the answer continues', async () => {
  const { view, agent } = await useCancellable();
  view.send({ type: 'saveTemplate', agent, template: { ...template, cancel: '{"cancel": null}' } });
  view.send({ type: 'send', prompt: 'work' });
  await view.until(({ turns }) => turns.length === 1 && turns[0]!.parts.length > 0);
  view.send({ type: 'cancelWork' });
  const { problem, turns } = await view.until((state) => state.problem !== null);
  expect(problem).toMatch(/^The cancel payload was not accepted: /);
  expect(turns[0]!.outcome).toBeNull();
});

test('an invalid template is refused', async () => {
  const { view, agent } = await useCancellable();
  const broken = { message: '{"text": {{input}}', cancel: null };
  expect(() => view.send({ type: 'saveTemplate', agent, template: broken })).toThrow(
    'line 1, column 1: This bracket has no closing }.',
  );
});

test('templates survive a restart; an unreadable file is copied', async () => {
  const folder = await useFolder();
  const path = join(folder, 'new', 'payloadTemplates.json');
  const warnings: string[] = [];
  const open = () => openTemplateFile(path, { warn: (message) => void warnings.push(message) });
  const first = await open();
  first.save({ a: template });
  first.save({ a: template, b: { ...template, cancel: null } });
  await first.settled();
  expect((await open()).first).toEqual({ a: template, b: { ...template, cancel: null } });

  await writeFile(path, '{"version": 1, "templates": {"a"');
  const anew = await open();
  expect(anew.first).toEqual({});
  expect(warnings).toEqual([expect.stringContaining('Cannot read the payload templates')]);
  anew.save({ b: template });
  await anew.settled();
  expect(await readFile(`${path}.unreadable`, 'utf8')).toContain('"templates": {"a"');
});

test('an invalid stored template is reported and skipped', async () => {
  const path = join(await useFolder(), 'payloadTemplates.json');
  const warnings: string[] = [];
  const templates = { a: template, b: { message: '{', cancel: null } };
  await writeFile(path, JSON.stringify({ version: 1, templates }));
  const { first } = await openTemplateFile(path, {
    warn: (message) => void warnings.push(message),
  });
  expect(first).toEqual({ a: template });
  expect(warnings).toEqual([
    expect.stringMatching(
      /^Skipped a payload template in .*payloadTemplates\.json: b\.message: line 1, column 2: /,
    ),
  ]);
  expect(await readFile(`${path}.unreadable`, 'utf8')).toContain('"message":"{"');
});
