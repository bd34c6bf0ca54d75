import { expect, test } from 'vitest';
import { createTargetStore, createTokenStore } from '../../src/vscode/workspaceStores.ts';
import { deployedAgent } from '../support/registry.ts';

const { target } = deployedAgent('Shop', { qualifier: 'prod', profile: 'dev' });
const saved = { target, lifecycle: { idleSeconds: 60, maxSeconds: 600 } };

/** A memento like VS Code's, which stores values as JSON. */
function useMemento(stored: Record<string, unknown> = {}) {
  return {
    get: (key: string) => stored[key] as never,
    update: async (key: string, value: unknown) => {
      stored[key] = JSON.parse(JSON.stringify(value));
    },
  };
}

test('Targets are restored when VS Code restarts.', () => {
  const memento = useMemento();
  expect(createTargetStore(memento).read()).toEqual([]);
  createTargetStore(memento).write([saved]);
  expect(createTargetStore(memento).read()).toEqual([saved]);
});

test('Stored targets in an unknown format are dropped.', () => {
  const memento = useMemento({ targets: [{ target: { ...target, qualifier: undefined } }] });
  expect(createTargetStore(memento).read()).toEqual([]);
});

test('A token is stored as a secret per agent and workspace until it is cleared.', async () => {
  const stored = new Map<string, string>();
  const secrets = {
    get: async (key: string) => stored.get(key),
    store: async (key: string, value: string) => void stored.set(key, value),
    delete: async (key: string) => void stored.delete(key),
  };
  const tokens = createTokenStore(secrets, '/one');
  await tokens.set(target.runtimeArn, 'a.b.c');
  expect(await tokens.get(target.runtimeArn)).toBe('a.b.c');
  expect(await tokens.get('another')).toBeUndefined();
  expect(await createTokenStore(secrets, '/two').get(target.runtimeArn)).toBeUndefined();
  await tokens.set(target.runtimeArn, undefined);
  expect([...stored]).toEqual([]);
});
