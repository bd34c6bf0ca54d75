import { expect, test, vi } from 'vitest';
import { useCodeServer } from '../support/codeServer.ts';

vi.setConfig({ testTimeout: 120_000 });

test('a VS Code with a password lets in nobody who does not know it', async () => {
  const { url } = await useCodeServer({ password: 'open sesame' });
  const enter = await fetch(url, { redirect: 'manual' });
  expect(enter.status).toBe(302);
  expect(enter.headers.get('location')).toMatch(/login/);
  const login = async (password: string) => {
    const body = new URLSearchParams({ password });
    const answer = await fetch(`${url}/login`, { method: 'POST', body, redirect: 'manual' });
    return answer.headers.get('set-cookie');
  };
  expect(await login('a guess')).toBeNull();
  expect(await login('open sesame')).toMatch(/session/);
});
