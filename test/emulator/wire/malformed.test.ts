import { expect, test } from 'vitest';
import { operations } from '../../../emulator/wire/operations.ts';
import { useWire, type WireResponse } from './useWire.ts';

const EVENT = { actorId: 'actor', eventTimestamp: 1, payload: [] };
const TURN = { role: 'USER', content: { text: 'hello' } };
const START = 'dataSourceConfig.cloudWatchLogs.filterConfig.timeRange.startTime';
const startAt = (startTime: unknown) => ({
  dataSourceConfig: { cloudWatchLogs: { filterConfig: { timeRange: { startTime } } } },
});
const file = (blob: unknown) => ({ name: 'writeFiles', arguments: { content: [{ blob }] } });

interface Refusal {
  readonly message: string;
  readonly reason: string;
  readonly fieldList?: readonly { readonly name: string; readonly message: string }[];
}

/** Returns the error for a request that no SDK would send. */
async function refusalOf(
  name: string,
  body: unknown,
  { query = '', headers = {} } = {},
): Promise<Refusal> {
  const { raw } = await useWire({ [name]: () => ({}) });
  const { method, template } = operations.get(name)!;
  const path = template.replaceAll(/\{\w+\}/g, 'Something-0123456789');
  const answer: WireResponse = await raw(method, path + query, {
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  expect(answer).toMatchObject({
    status: 400,
    headers: { 'x-amzn-errortype': 'ValidationException', 'content-type': 'application/json' },
  });
  return answer.json as Refusal;
}

test.for([
  ['CreateEvent', { actorId: 7 }, "Value '7' at 'actorId'", 'be a string'],
  ['CreateEvent', { actorId: ['a'] }, `Value '["a"]' at 'actorId'`, 'be a string'],
  ['CreateEvent', { branch: 'main' }, "Value 'main' at 'branch'", 'be an object'],
  ['CreateEvent', { branch: ['main'] }, `Value '["main"]' at 'branch'`, 'be an object'],
  ['CreateEvent', { metadata: [] }, "Value '[]' at 'metadata'", 'be an object'],
  ['CreateEvent', { payload: {} }, "Value at 'payload'", 'be a list'],
  ['CreateEvent', { payload: ['text'] }, "Value at 'payload.1.member'", 'be an object'],
  [
    'CreateEvent',
    { eventTimestamp: '1' },
    "Value '1' at 'eventTimestamp'",
    'be seconds since 1970',
  ],
  ['CreateEvent', { eventTimestamp: 1e99 }, `'1e+99' at 'eventTimestamp'`, 'be seconds since 1970'],
  ['CreateABTest', { enableOnCreate: 'true' }, "'true' at 'enableOnCreate'", 'be a boolean'],
  ['ListEvents', { maxResults: '5' }, "Value '5' at 'maxResults'", 'be a number'],
  ['UntagResource', '', "Value null at 'tagKeys'", 'not be null'],
  ['StartBatchEvaluation', startAt(1e9), `'1000000000' at '${START}'`, 'be an ISO-8601 timestamp'],
  ['StartBatchEvaluation', startAt('1'), `'1' at '${START}'`, 'be an ISO-8601 timestamp'],
  ['StartBatchEvaluation', startAt('May 5, 2025'), `at '${START}'`, 'be an ISO-8601 timestamp'],
  [
    'StartBatchEvaluation',
    startAt('2025-05-05T00:00:00'),
    `'${START}'`,
    'be an ISO-8601 timestamp',
  ],
  [
    'StartBatchEvaluation',
    startAt('2025-99-05T00:00:00Z'),
    `'${START}'`,
    'be an ISO-8601 timestamp',
  ],
  [
    'InvokeCodeInterpreter',
    file('?'),
    "at 'arguments.content.1.member.blob'",
    'be a base64 string',
  ],
  [
    'InvokeCodeInterpreter',
    file([1]),
    "at 'arguments.content.1.member.blob'",
    'be a base64 string',
  ],
  ['InvokeAgentRuntimeCommand', '', "Value null at 'body'", 'not be null'],
  ['InvokeAgentRuntimeCommand', '[]', "Value '[]' at 'body'", 'be an object'],
] as const)('%s rejects %j: %s … %s', async ([name, body, subject, requirement]) => {
  const input = name === 'CreateEvent' ? { ...EVENT, ...body } : body;
  const { message } = await refusalOf(name, input);
  expect(message).toContain(`${subject} failed to satisfy constraint: Member must ${requirement}`);
});

test.for([
  ['ListABTests', '?maxResults=many', "Value 'many' at 'maxResults'", 'be a number'],
  ['ListABTests', '?maxResults=', "Value '' at 'maxResults'", 'be a number'],
  ['ListABTests', '?maxResults=1e1', "Value '1e1' at 'maxResults'", 'be a number'],
  ['ListABTests', '?maxResults=1.5', "Value '1.5' at 'maxResults'", 'be an integer'],
  ['DeleteHarness', '?deleteManagedMemory=yes', "'yes' at 'deleteManagedMemory'", 'be a boolean'],
] as const)('%s rejects the query %s: %s … %s', async ([name, query, subject, requirement]) => {
  const { message } = await refusalOf(name, '', { query });
  expect(message).toContain(`${subject} failed to satisfy constraint: Member must ${requirement}`);
});

test('An empty content type is rejected like any other header that is too short.', async () => {
  const headers = { 'content-type': '' };
  const { message } = await refusalOf('InvokeAgentRuntime', '{}', { headers });
  expect(message).toBe(
    "1 validation error detected: Value '' at 'contentType' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
});

test.for([
  ['{"actorId": "actor"', /^The request body is not valid JSON: /],
  ["{'actorId': 'actor'}", /^The request body is not valid JSON: /],
  ['\u0000', /^The request body is not valid JSON: /],
  ['[]', /^The request body must be a JSON object\.$/],
  ['"text"', /^The request body must be a JSON object\.$/],
  ['null', /^The request body must be a JSON object\.$/],
] as const)('the body %j cannot be parsed', async ([body, message]) => {
  expect(await refusalOf('CreateEvent', body)).toEqual({
    message: expect.stringMatching(message),
    reason: 'CannotParse',
  });
});

test('Several faults are listed in one message, in the order of the model.', async () => {
  const body = { actorId: '!', extractionMode: 'SOME', payload: [], eventTimestamp: null };
  const { message, fieldList } = await refusalOf('CreateEvent', body);
  const sentences = [
    "Value '!' at 'actorId' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9][a-zA-Z0-9-_/]*(?::[a-zA-Z0-9-_/]+)*[a-zA-Z0-9-_/]*",
    "Value null at 'eventTimestamp' failed to satisfy constraint: Member must not be null",
    "Value 'SOME' at 'extractionMode' failed to satisfy constraint: Member must satisfy enum value set: [SKIP]",
  ];
  expect(message).toBe(`3 validation errors detected: ${sentences.join('; ')}`);
  expect(fieldList).toEqual([
    { name: 'actorId', message: sentences[0] },
    { name: 'eventTimestamp', message: sentences[1] },
    { name: 'extractionMode', message: sentences[2] },
  ]);
});

test('A nested fault has its path, with list items counted from one.', async () => {
  const turns = [TURN, { ...TURN, role: 'NOBODY' }].map((conversational) => ({ conversational }));
  const { fieldList } = await refusalOf('CreateEvent', {
    ...EVENT,
    payload: turns,
    metadata: { fine: { stringValue: 'fine' }, topic: { stringValue: 'ö' } },
  });
  expect(fieldList?.map(({ name }) => name)).toEqual([
    'payload.2.member.conversational.role',
    'metadata.topic.stringValue',
  ]);
});

test.for([
  ['none', {}],
  ['two', { conversational: TURN, blob: 'text' }],
  ['only null', { conversational: null }],
  ['an unknown member', { somethingElse: 1 }],
  ['a property of Object', { constructor: {} }],
])('A union with %s of its members set is rejected.', async ([, member]) => {
  const { message } = await refusalOf('CreateEvent', { ...EVENT, payload: [member] });
  expect(message).toBe(
    "1 validation error detected: Value at 'payload.1.member' failed to satisfy constraint: Member must be one of conversational, blob, json",
  );
});

test('A union with one member set and others null or unknown is accepted.', async () => {
  let received: unknown;
  const { raw } = await useWire({
    CreateEvent(input) {
      received = input;
      return {};
    },
  });
  const payload = [{ conversational: TURN, blob: null, toString: 1 }];
  const body = JSON.stringify({ ...EVENT, payload });
  expect(await raw('POST', '/memories/Memory-0123456789/events', { body })).toMatchObject({
    status: 201,
  });
  expect(received).toMatchObject({ payload: [{ conversational: TURN }] });
});

test.for([
  ['of its own', 'UpdateApiKeyCredentialProvider', { name: 'a', apiKey: ['s3cret'] }],
  ['in a list', 'CreateEvent', { ...EVENT, payload: [{ blob: 's3cret' }, {}, 's3cret'] }],
  ['of a map', 'CreateAgentRuntime', { environmentVariables: { KEY: 's3cret'.repeat(1000) } }],
  ['around it', 'CreateAgentRuntime', { environmentVariables: ['s3cret'] }],
] as const)('A sensitive value %s is not quoted.', async ([, name, body]) => {
  const refusal = await refusalOf(name, body);
  expect(refusal.message).toMatch(/Value at '(?:apiKey|payload|environmentVariables)/);
  expect(JSON.stringify(refusal)).not.toContain('s3cret');
});

test('Only the beginning of a long value is quoted.', async () => {
  const { message } = await refusalOf('CreateEvent', { ...EVENT, actorId: 'a'.repeat(1000) });
  expect(message).toContain(`Value '${'a'.repeat(300)}…' at 'actorId'`);
});
