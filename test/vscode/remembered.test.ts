import { expect, test } from 'vitest';
import { targetsIn, tokensIn } from '../../src/vscode/remembered.ts';
import { deployedAgent } from '../support/registry.ts';

const { target } = deployedAgent('Shop', { qualifier: 'prod', profile: 'dev' });
const saved = { target, lifecycle: { idleSeconds: 60, maxSeconds: 600 } };

/** A memory as VS Code's: what is written is JSON. */
function useMemento(kept: Record<string, unknown> = {}) {
  return {
    get: (key: string) => kept[key] as never,
    update: async (key: string, value: unknown) => {
      kept[key] = JSON.parse(JSON.stringify(value));
    },
  };
}

test('targets are there again when VS Code starts anew', () => {
  const memento = useMemento();
  expect(targetsIn(memento).read()).toEqual([]);
  targetsIn(memento).write([saved]);
  expect(targetsIn(memento).read()).toEqual([saved]);
});

test('what was kept by another version and is no target is forgotten', () => {
  const memento = useMemento({ targets: [{ target: { ...target, qualifier: undefined } }] });
  expect(targetsIn(memento).read()).toEqual([]);
});

test('a token is kept among the secrets, for its agent in its workspace alone, until none is to be sent', async () => {
  const kept = new Map<string, string>();
  const secrets = {
    get: async (key: string) => kept.get(key),
    store: async (key: string, value: string) => void kept.set(key, value),
    delete: async (key: string) => void kept.delete(key),
  };
  const tokens = tokensIn(secrets, '/one');
  await tokens.set(target.runtimeArn, 'a.b.c');
  expect(await tokens.get(target.runtimeArn)).toBe('a.b.c');
  expect(await tokens.get('another')).toBeUndefined();
  expect(await tokensIn(secrets, '/two').get(target.runtimeArn)).toBeUndefined();
  await tokens.set(target.runtimeArn, undefined);
  expect([...kept]).toEqual([]);
});
