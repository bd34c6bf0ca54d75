import { expect, onTestFinished, test, vi } from 'vitest';
import type { ModelsMessage } from '../../../src/shared/chat/hostMessage.ts';
import { useAgent } from '../../support/agents.ts';
import { useChat } from '../../support/chat.ts';
import { useEmulator } from '../../support/emulator.ts';
import { modelAgent } from '../../support/modelAgent.ts';

async function useModelChoice() {
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('ANTHROPIC_API_KEY', '');
  vi.stubEnv('ANTHROPIC_AUTH_TOKEN', '');
  // A port that nothing listens on.
  vi.stubEnv('OLLAMA_HOST', '127.0.0.1:9');
  const emulator = await useEmulator({ agents: [await useAgent(modelAgent)] });
  const { view } = useChat(emulator);
  await view.until(({ connection }) => connection.state === 'ready');
  async function request(message: Parameters<typeof view.send>[0]): Promise<ModelsMessage> {
    const before = view.received.length;
    view.send(message);
    return vi.waitFor(() => {
      const reply = view.received.slice(before).find(({ type }) => type === 'models');
      return (reply as ModelsMessage | undefined) ?? expect.fail('no reply');
    });
  }
  return { emulator, view, request };
}

test('The model backend of the session is shown and chosen, and removed again.', async () => {
  const { emulator, view, request } = await useModelChoice();
  const { sessionId } = view.state()!;
  const inherited = { inherited: 'offline', ollama: [] };
  expect(await request({ type: 'showModels' })).toEqual({
    type: 'models',
    sessionId,
    models: { own: null, ...inherited },
    problem: null,
  });
  const model = 'openai:http://127.0.0.1:9/v1';
  // The server is not running. The backend is opened without a call.
  const chosen = await request({ type: 'chooseModel', model: 'ollama:none' });
  expect(chosen).toMatchObject({ models: { own: 'ollama:none', ...inherited }, problem: null });
  view.send({ type: 'send', prompt: '1' });
  const { turns } = await view.until((state) => state.turns[0]?.modelCalls !== undefined);
  expect(turns[0]!.modelCalls!.listed[0]).toMatchObject({
    backend: 'ollama:none',
    error: expect.stringContaining('Start it with `ollama serve`'),
  });
  expect(await request({ type: 'chooseModel', model: null })).toMatchObject({
    models: { own: null },
  });
  await emulator.admin('/models', { model });
  expect(await request({ type: 'showModels' })).toMatchObject({ models: { inherited: model } });
  await emulator.admin('/models', { agent: emulator.agent.name, model: 'bedrock' });
  expect(await request({ type: 'showModels' })).toMatchObject({
    models: { own: null, inherited: 'bedrock' },
  });
});

test('A backend that cannot be used is refused with the reason, and the choice stays.', async () => {
  const { request } = await useModelChoice();
  expect(await request({ type: 'chooseModel', model: 'anthropic' })).toMatchObject({
    models: { own: null },
    problem: expect.stringContaining('ANTHROPIC_API_KEY is not set.'),
  });
});

test('A text that names no backend is not a message.', async () => {
  const { view } = await useModelChoice();
  expect(() => view.send({ type: 'chooseModel', model: 'gpt-5' })).toThrow(
    'Not a model backend. Use offline, ',
  );
});
