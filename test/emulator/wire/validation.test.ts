import { expect, test } from 'vitest';
import { operations } from '../../../emulator/wire/operations.ts';
import { hasStreamedInput } from './sampleMessages.ts';
import { violations, type Violation } from './violations.ts';
import { useWire } from './useWire.ts';

const byOperation = Map.groupBy(violations(), ({ operation }): string => operation.name);

test('There are thousands of constraints, and every operation with input has some.', () => {
  const counts = Array.from(byOperation.values(), (violations) => violations.length);
  expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThan(4_500);
  const without = [...operations.values()].filter(({ name }) => !byOperation.has(name));
  expect(without.filter((operation) => !hasStreamedInput(operation))).toEqual([]);
});

test.for([...byOperation])(
  '%s rejects every violation of the model.',
  async ([name, violations]) => {
    const { send, sendSerialized } = await useWire({ [name]: () => ({}) });
    // The SDK turns the first error into its own class. The others have the same form.
    const [first] = violations;
    expect(await send(name, first!.input).catch((error: unknown) => error)).toMatchObject({
      name: 'ValidationException',
      $metadata: { httpStatusCode: 400 },
      ...expectedBody(first!),
    });
    for (const violation of violations) {
      const { status, headers, json } = await sendSerialized(name, violation.input);
      expect
        .soft(
          { status, name: headers['x-amzn-errortype'], json },
          `${violation.path}: ${violation.requirement}`,
        )
        .toEqual({ status: 400, name: 'ValidationException', json: expectedBody(violation) });
    }
  },
);

function expectedBody(violation: Violation): object {
  const message = sentence(violation);
  return {
    message: `${ownSentence(violation)}1 validation error detected: ${message}`,
    reason: 'FieldValidationFailed',
    fieldList: [{ name: violation.path, message }],
  };
}

/** AWS has its own sentences for memory ids of the data plane and for artifacts of runtimes. */
function ownSentence({ operation, path }: Violation): string {
  switch (`${operation.plane} ${path}`) {
    case 'data memoryId':
      return 'Invalid memoryId: not a valid memory ID or ARN. ';
    case 'control agentRuntimeArtifact':
      return 'Invalid request provided: AgentArtifact must have exactly one configuration. ';
    default:
      return '';
  }
}

function sentence({ value, sensitive, path, requirement }: Violation): string {
  const subject = sensitive || Array.isArray(value) ? 'Value' : `Value ${quote(value)}`;
  return `${subject} at '${path}' failed to satisfy constraint: ${requirement}`;
}

function quote(value: unknown): string {
  if (value === undefined) return 'null';
  const text = textOf(value);
  return text.length > 300 ? `'${text.slice(0, 300)}…'` : `'${text}'`;
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'string' ? value : JSON.stringify(value, toWire);
}

// The violations contain only times that are sent as seconds since 1970.
function toWire(_: string, value: unknown): unknown {
  const isTime = typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value);
  return isTime ? Date.parse(value) / 1000 : value;
}
