import { expect, test } from 'vitest';
import type { ProjectAgentSource } from '../../../../../emulator/agentSource.ts';
import { createProtocolHandler } from '../../../../../emulator/services/runtime/protocols/protocolHandler.ts';
import { notFound } from '../../../../../emulator/wire/errors.ts';
import { operations } from '../../../../../emulator/wire/operations.ts';

/** Creates the handler of a runtime whose endpoints have these protocols. */
function createHandler(endpoints: Readonly<Record<string, ProjectAgentSource['protocol']>>) {
  return createProtocolHandler({
    resolve(name, qualifier = 'DEFAULT') {
      const protocol = name === 'a/b' ? endpoints[qualifier] : undefined;
      if (!protocol) throw notFound(`no ${name} ${qualifier}`);
      return { name: qualifier, agent: { source: { protocol } } } as never;
    },
  });
}

const path = (rest: string) => `/runtimes/a%2Fb/invocations${rest}`;

test('a protocol request is rewritten by the protocol of its endpoint', () => {
  const { rewriteProtocolRequest } = createHandler({ DEFAULT: 'MCP', old: 'A2A' });
  const invocation = (search = '') => ({ method: 'POST', path: path(search) });
  expect(rewriteProtocolRequest({ method: 'GET', path: path('') })).toEqual(invocation());
  expect(rewriteProtocolRequest({ method: 'DELETE', path: path('?qualifier=DEFAULT') })).toEqual(
    invocation('?qualifier=DEFAULT'),
  );
  expect(rewriteProtocolRequest({ method: 'POST', path: path('/?qualifier=old') })).toEqual(
    invocation('?qualifier=old'),
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

test('an error has the format of the endpoint’s protocol, or DEFAULT’s for an unknown endpoint', () => {
  const { errorFormat } = createHandler({ DEFAULT: 'MCP', old: 'A2A' });
  const format = (qualifier: string, agentRuntimeArn = 'a/b') =>
    errorFormat({
      operation: operations.get('InvokeAgentRuntime')!,
      labels: { agentRuntimeArn },
      method: 'POST',
      query: new URLSearchParams({ qualifier }),
      body: Buffer.from('{"jsonrpc":"2.0","id":7,"method":"ping"}'),
    })?.(notFound('gone'));
  const jsonRpc = (code: number) =>
    JSON.stringify({ jsonrpc: '2.0', id: 7, error: { code, message: 'gone' } });
  expect(format('old')).toMatchObject({ status: 404, body: jsonRpc(-32051) });
  expect(format('DEFAULT')).toMatchObject({ status: 200, body: jsonRpc(-32004) });
  expect(format('none')).toMatchObject({ status: 200, body: jsonRpc(-32004) });
  expect(format('DEFAULT', 'other')).toBeUndefined();
});
