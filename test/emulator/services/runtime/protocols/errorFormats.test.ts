import { expect, test } from 'vitest';
import { protocols } from '../../../../../emulator/services/runtime/protocols/protocols.ts';
import { WireError } from '../../../../../emulator/wire/errors.ts';

const body = Buffer.from('{"jsonrpc":"2.0","id":"req-001","method":"tools/list"}');

const format = (protocol: keyof typeof protocols, name: string, method = 'POST') =>
  protocols[protocol].formatError(new WireError(name, 'why'), { method, body });

// AWS's tables, from the contracts of its protocols in the developer guide.
test.each([
  ['UnauthorizedException', -32001, 401],
  ['AccessDeniedException', -32002, 403],
  ['ThrottlingException', -32003, 200],
  ['ServiceQuotaExceededException', -32003, 200],
  ['ResourceNotFoundException', -32004, 200],
  ['ConflictException', -32005, 200],
  ['RetryableConflictException', -32005, 200],
  ['ValidationException', -32006, 200],
  ['RuntimeClientError', -32010, 200],
  ['McpRequestUnacceptableException', -32011, 406],
  ['InternalServerException', -32603, 200],
])('MCP: %s is %s with status %s', (name, code, status) => {
  const answer = format('MCP', name);
  expect(answer).toMatchObject({ status, contentType: 'application/json' });
  expect(JSON.parse(answer.body)).toEqual({
    jsonrpc: '2.0',
    id: 'req-001',
    error: { code, message: 'why' },
  });
});

test.each([
  ['ResourceNotFoundException', -32051, 404],
  ['ValidationException', -32052, 400],
  ['ThrottlingException', -32053, 429],
  ['ServiceQuotaExceededException', -32053, 429],
  ['ConflictException', -32054, 409],
  ['RetryableConflictException', -32054, 409],
  ['RuntimeClientError', -32055, 424],
  ['InternalServerException', -32603, 500],
])('A2A: %s is %s with status %s', (name, code, status) => {
  const answer = format('A2A', name);
  expect(answer).toMatchObject({ status, contentType: 'application/json' });
  expect(JSON.parse(answer.body)).toMatchObject({ id: 'req-001', error: { code, message: 'why' } });
});

test.each([
  ['UnauthorizedException', 401],
  ['AccessDeniedException', 403],
])('A2A: %s keeps AWS’s format with status %s', (name, status) => {
  expect(format('A2A', name)).toMatchObject({ status, body: '{"message":"why"}' });
});

test.each([
  ['UnauthorizedException', 'UNAUTHORIZED', 401],
  ['AccessDeniedException', 'ACCESS_DENIED', 403],
  ['ValidationException', 'VALIDATION_ERROR', 400],
  ['ThrottlingException', 'RATE_LIMIT_EXCEEDED', 429],
  ['ConflictException', 'SESSION_BUSY', 409],
  ['RetryableConflictException', 'SESSION_BUSY', 409],
  ['ServiceQuotaExceededException', 'SERVICE_QUOTA_EXCEEDED', 429],
  ['RuntimeClientError', 'AGENT_ERROR', 200],
  ['InternalServerException', 'INTERNAL_ERROR', 500],
])('AG-UI: %s is %s with status %s', (name, code, status) => {
  expect(format('AGUI', name)).toEqual({
    status,
    contentType: 'text/event-stream',
    body: `data: {"type":"RUN_ERROR","code":"${code}","message":"why"}\n\n`,
  });
});

test('an error for an invalid, batched or oversized message has no ID', () => {
  const messages = [
    '',
    '[]',
    '{"id":1}',
    'null',
    '{',
    `{"jsonrpc":"2.0","id":1,"x":"${'x'.repeat(1e6)}"}`,
  ];
  for (const message of messages) {
    const { body: formatted } = protocols.MCP.formatError(
      new WireError('ValidationException', 'why'),
      {
        method: 'POST',
        body: Buffer.from(message),
      },
    );
    expect(JSON.parse(formatted)).toMatchObject({ id: null });
  }
  const unread = { method: 'POST', body: undefined };
  const { body: formatted } = protocols.A2A.formatError(
    new WireError('ValidationException', 'why'),
    unread,
  );
  expect(JSON.parse(formatted)).toMatchObject({ id: null });
});
