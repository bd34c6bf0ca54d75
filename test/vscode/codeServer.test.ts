import { expect, test, vi } from 'vitest';
import { useCodeServer } from '../support/codeServer.ts';

vi.setConfig({ testTimeout: 120_000 });

test('A code-server with a password rejects a wrong password.', async () => {
  const { url } = await useCodeServer({ password: 'open sesame' });
  const response = await fetch(url, { redirect: 'manual' });
  expect(response.status).toBe(302);
  expect(response.headers.get('location')).toMatch(/login/);
  const login = async (password: string) => {
    const body = new URLSearchParams({ password });
    const reply = await fetch(`${url}/login`, { method: 'POST', body, redirect: 'manual' });
    return reply.headers.get('set-cookie');
  };
  expect(await login('a guess')).toBeNull();
  expect(await login('open sesame')).toMatch(/session/);
});
