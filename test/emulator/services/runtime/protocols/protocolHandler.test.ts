import { expect, test } from 'vitest';
import type { AgentSource } from '../../../../../emulator/services/runtime/agents.ts';
import { createProtocolHandler } from '../../../../../emulator/services/runtime/protocols/protocolHandler.ts';
import { notFound } from '../../../../../emulator/wire/errors.ts';
import { operations } from '../../../../../emulator/wire/operations.ts';

/** A runtime whose endpoints speak these protocols, as versions of it may. */
function handlerOf(endpoints: Readonly<Record<string, AgentSource['protocol']>>) {
  return createProtocolHandler({
    resolve(name, qualifier = 'DEFAULT') {
      const protocol = name === 'a/b' ? endpoints[qualifier] : undefined;
      if (!protocol) throw notFound(`no ${name} ${qualifier}`);
      return { name: qualifier, agent: { source: { protocol } } } as never;
    },
  });
}

const path = (rest: string) => `/runtimes/a%2Fb/invocations${rest}`;

test('a request of a protocol’s client is rewritten by the protocol of the endpoint that it names', () => {
  const { rewriteProtocolRequest } = handlerOf({ DEFAULT: 'MCP', old: 'A2A' });
  const invoked = (search = '') => ({ method: 'POST', path: path(search) });
  expect(rewriteProtocolRequest({ method: 'GET', path: path('') })).toEqual(invoked());
  expect(rewriteProtocolRequest({ method: 'DELETE', path: path('?qualifier=DEFAULT') })).toEqual(
    invoked('?qualifier=DEFAULT'),
  );
  expect(rewriteProtocolRequest({ method: 'POST', path: path('/?qualifier=old') })).toEqual(
    invoked('?qualifier=old'),
  );
  for (const line of [
    { method: 'GET', path: path('?qualifier=old') },
    { method: 'POST', path: path('/') },
    { method: 'PUT', path: path('') },
    { method: 'GET', path: path('/.well-known/agent-card.json') },
    { method: 'GET', path: '/runtimes/%E0%A4%A/invocations' },
    { method: 'GET', path: '/runtimes/other/invocations' },
  ]) {
    expect(rewriteProtocolRequest(line)).toEqual(line);
  }
});

test('an error has the format of the endpoint’s protocol, and of DEFAULT’s where there is no such endpoint', () => {
  const { errorFormat } = handlerOf({ DEFAULT: 'MCP', old: 'A2A' });
  const said = (qualifier: string, agentRuntimeArn = 'a/b') =>
    errorFormat({
      operation: operations.get('InvokeAgentRuntime')!,
      labels: { agentRuntimeArn },
      method: 'POST',
      query: new URLSearchParams({ qualifier }),
      body: Buffer.from('{"jsonrpc":"2.0","id":7,"method":"ping"}'),
    })?.(notFound('gone'));
  const jsonRpc = (code: number) =>
    JSON.stringify({ jsonrpc: '2.0', id: 7, error: { code, message: 'gone' } });
  expect(said('old')).toMatchObject({ status: 404, body: jsonRpc(-32051) });
  expect(said('DEFAULT')).toMatchObject({ status: 200, body: jsonRpc(-32004) });
  expect(said('none')).toMatchObject({ status: 200, body: jsonRpc(-32004) });
  expect(said('DEFAULT', 'other')).toBeUndefined();
});
