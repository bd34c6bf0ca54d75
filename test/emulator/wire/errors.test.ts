import { expect, test } from 'vitest';
import { WireError } from '../../../emulator/wire/errors.ts';
import { operations } from '../../../emulator/wire/operations.ts';
import { createSampler } from './samples.ts';
import { isInSdk, packages, useWire, type Values } from './useWire.ts';

type ErrorClass = new () => Error;

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/;

// Copied from AWS's model by hand, because the wire's own table cannot verify itself.
const BOTH = [
  ['AccessDeniedException', 403],
  ['ConflictException', 409],
  ['InternalServerException', 500],
  ['ResourceNotFoundException', 404],
  ['RetryableConflictException', 409],
  ['ServiceException', 500],
  ['ServiceQuotaExceededException', 402],
  ['SubscriptionRequiredException', 403],
  ['ThrottledException', 429],
  ['ThrottlingException', 429],
  ['UnauthorizedException', 401],
  ['ValidationException', 400],
] as const;
const DATA = [
  ...BOTH,
  ['DuplicateIdException', 409],
  ['InvalidInputException', 400],
  ['RuntimeClientError', 424],
] as const;
const CONTROL = [
  ...BOTH,
  ['ConcurrentModificationException', 409],
  ['DecryptionFailure', 400],
  ['EncryptionFailure', 400],
  ['ResourceLimitExceededException', 400],
] as const;
const tried = [
  ...DATA.map(([name, status]) => [name, 'data', 'GetResourceApiKey', status] as const),
  ...CONTROL.map(([name, status]) => [name, 'control', 'GetWorkloadIdentity', status] as const),
];

function sampleOf(name: string): Values {
  const { input } = operations.get(name)!;
  return createSampler(name, { full: false }).value(input) as Values;
}

async function refusalOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.unreachable('the call succeeded'),
    (error: unknown) => error,
  );
}

test.for([
  ['data', 'BedrockAgentCoreServiceException', DATA],
  ['control', 'BedrockAgentCoreControlServiceException', CONTROL],
] as const)('The tested errors are all errors of the %s plane.', ([plane, base, tried]) => {
  const Base = packages[plane][base] as ErrorClass;
  const known = Object.entries(packages[plane]).filter(
    ([, value]) => typeof value === 'function' && value.prototype instanceof Base,
  );
  expect(known.map(([name]) => name).toSorted()).toEqual(tried.map(([name]) => name).toSorted());
});

test.for(tried)(
  '%s becomes its class in the SDK of the %s plane.',
  async ([name, plane, operation, status]) => {
    const { send, log, spans } = await useWire({
      [operation]() {
        throw new WireError(name, 'as it was said', { reason: 'CannotParse' });
      },
    });
    const error = await refusalOf(send(operation, sampleOf(operation)));
    expect(error).toBeInstanceOf(packages[plane][name]);
    expect(error).toMatchObject({
      name,
      message: 'as it was said',
      reason: 'CannotParse',
      $metadata: { httpStatusCode: status, requestId: spans[0]!.requestId },
    });
    expect(spans).toMatchObject([{ operation, status, requestId: expect.stringMatching(UUID) }]);
    expect(log).toEqual([]);
  },
);

test('An operation that is not emulated returns 501 for any input.', async () => {
  const { send, sendUnmodified, spans } = await useWire({});
  for (const [name, operation] of operations) {
    const call = isInSdk(operation) ? sendUnmodified : send;
    const error = await refusalOf(call(name, sampleOf(name)));
    expect.soft(error).toMatchObject({
      name: 'NotImplemented',
      message: `${name} is not emulated. GET /_emulator/operations lists all emulated operations.`,
      $metadata: { httpStatusCode: 501 },
    });
  }
  expect(spans.map(({ operation }) => operation)).toEqual([...operations.keys()]);
});

test('A handler for an unknown operation is rejected at creation.', async () => {
  await expect(useWire({ CreateEverything: () => ({}) })).rejects.toThrow(
    'AWS has no operation CreateEverything',
  );
});

test.for([
  ['GET', '/nowhere', ''],
  ['GET', '/', ''],
  ['GET', '//', ''],
  ['POST', '/memories//events', ''],
  ['GET', '/runtimes/?maxResults=1', ' This path accepts PUT, POST.'],
  ['PATCH', '/runtimes/agent/', ' This path accepts DELETE, GET, PUT.'],
  [
    'POST',
    '/runtimes/arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/agent/invocations',
    ' An ARN in a path must be percent-encoded, its slash as %2F.',
  ],
] as const)(
  '%s %s is not an operation, and the error explains why.',
  async ([method, path, help]) => {
    const { raw, spans } = await useWire({});
    const answer = await raw(method, path);
    const asked = path.replace(/\?.*/, '');
    expect(answer).toMatchObject({
      status: 404,
      headers: {
        'x-amzn-errortype': 'UnknownOperationException',
        'x-amzn-requestid': spans[0]!.requestId,
        'content-type': 'application/json',
      },
      json: {
        message: `${method} ${asked} is not an operation of AgentCore or Bedrock Runtime.${help}`,
      },
    });
    expect(spans).toMatchObject([{ operation: asked, status: 404 }]);
  },
);

test.for(['%', '%4', '%zz', '%E6%BC', '%ff'])(
  'The path label %s is a bad request.',
  async (label) => {
    const { raw } = await useWire({});
    const path = `/memories/${label}/events`;
    expect(await raw('POST', path)).toMatchObject({
      status: 400,
      headers: { 'x-amzn-errortype': 'ValidationException' },
      json: {
        message: `The path ${path} is not valid percent-encoding.`,
        reason: 'CannotParse',
      },
    });
  },
);

test('Any other error of a handler is an internal error and is logged.', async () => {
  const failure = new TypeError('the store is on fire');
  const { send, log } = await useWire({
    GetResourceApiKey: () => Promise.reject(failure),
  });
  const call = send('GetResourceApiKey', sampleOf('GetResourceApiKey'));
  expect(await refusalOf(call)).toMatchObject({
    name: 'InternalServerException',
    message: 'The emulator failed: the store is on fire',
    $metadata: { httpStatusCode: 500 },
  });
  expect(log).toEqual([`GetResourceApiKey: ${failure.stack}`]);
});

test('An output that cannot be serialized is an internal error.', async () => {
  const { send, log } = await useWire({
    StopRuntimeSession: () => ({ runtimeSessionId: 'line\nbreak' }),
  });
  const call = send('StopRuntimeSession', sampleOf('StopRuntimeSession'));
  expect(await refusalOf(call)).toMatchObject({
    name: 'InternalServerException',
    $metadata: { httpStatusCode: 500 },
  });
  expect(log).toEqual([expect.stringContaining('StopRuntimeSession: TypeError')]);
});

test('An output can set its HTTP status.', async () => {
  const { send, spans } = await useWire({ StopRuntimeSession: () => ({ statusCode: 207 }) });
  const answer = await send('StopRuntimeSession', sampleOf('StopRuntimeSession'));
  expect(answer).toMatchObject({ statusCode: 207, $metadata: { httpStatusCode: 207 } });
  expect(spans).toMatchObject([{ operation: 'StopRuntimeSession', status: 207 }]);
});
