import { describe, expect, test } from 'vitest';
import { createModelSelection } from '../../../../emulator/services/models/modelSelection.ts';
import type { ModelBackend } from '../../../../emulator/services/models/modelBackend.ts';
import type { Caller } from '../../../../emulator/caller.ts';
import { useEmulator } from '../../../support/emulator.ts';

const caller = (agent: string, sessionId: string): Caller => ({
  agent: { source: { name: agent } },
  session: () => ({ run: { runtimeId: `${agent}-1`, sessionId, run: 1 }, requests: () => [] }),
});

describe('The backend of a call', () => {
  const open = () =>
    createModelSelection(
      { model: 'anthropic', agentModels: { researcher: 'ollama:llama3.2' } },
      async () => ({}) as ModelBackend,
    );

  test('is the default unless the agent or the session has one of its own.', async () => {
    const selection = await open();
    await selection.choose(
      { type: 'session', runtimeId: 'researcher-1', sessionId: 's' },
      'offline',
    );
    expect(selection.nameFor(null)).toBe('anthropic');
    expect(selection.nameFor(caller('writer', 's'))).toBe('anthropic');
    expect(selection.nameFor(caller('researcher', 'other'))).toBe('ollama:llama3.2');
    expect(selection.nameFor(caller('researcher', 's'))).toBe('offline');
  });

  test('is the agent’s again after the session’s was removed.', async () => {
    const selection = await open();
    const scope = { type: 'session', runtimeId: 'researcher-1', sessionId: 's' } as const;
    await selection.choose(scope, 'offline');
    await selection.choose(scope, null);
    expect(selection.nameFor(caller('researcher', 's'))).toBe('ollama:llama3.2');
    expect(selection.read().sessions).toEqual([]);
  });
});

test('The admin API chooses a backend and shows the choices.', async () => {
  const { admin } = await useEmulator({ agents: [] });
  const session = { runtimeId: 'writer-1', sessionId: 'a'.repeat(33) };
  expect(await admin('/models')).toEqual({
    default: 'offline',
    agents: {},
    sessions: [],
    tokens: [],
  });
  expect(await admin('/models', { session, model: 'offline' })).toEqual({
    default: 'offline',
    agents: {},
    sessions: [{ ...session, model: 'offline' }],
    tokens: [],
  });
});

test.for([
  [{ model: 'gpt-5' }, "model: 'gpt-5' is not a model backend. Use offline, "],
  [{ model: 'openai:example.com' }, "model: 'openai:example.com' is not a model backend."],
  [{ model: 'openai:http://[::1/v1' }, "model: 'openai:http://[::1/v1' is not a model backend."],
  [{ model: 7 }, 'model: 7 is not allowed. Send a string.'],
  [{ model: 'offline', agent: 'a', session: { runtimeId: 'r', sessionId: 's' } }, 'agent: cannot'],
])('The admin API refuses %j.', async ([body, message]) => {
  const { admin } = await useEmulator({ agents: [] });
  const answer = await admin<{ message: string }>('/models', body);
  expect(answer.message).toContain(message);
});

test('An unknown agent or backend is an error of the option.', async () => {
  await expect(useEmulator({ agents: [], agentModels: { writer: 'offline' } })).rejects.toThrow(
    "the project has no agent 'writer'. Its agents: none",
  );
  await expect(useEmulator({ agents: [], model: 'gpt-5' })).rejects.toThrow(
    "'gpt-5' is not a model backend.",
  );
});
