import type { IncomingMessage } from 'node:http';
import type { Member, Schema } from '../../src/shared/awsModel/schema.ts';
import { cannotParse, constraintViolation, type Fault } from './errors.ts';
import { reachesAgent, type Operation, type Plane } from './operations.ts';
import type { OperationInput, OperationName } from './operationTypes.ts';
import { createShapeReader } from './shape.ts';
import { ExactNumber, readJson } from './json.ts';

/** The parts of an HTTP request that carry an operation's input. */
export interface RequestParts {
  readonly labels: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** The largest JSON bodies. AgentCore accepts 100 MB in base64 with its JSON, Bedrock Runtime 25 MB. */
const MAX_JSON_BYTES: Readonly<Record<Plane, number>> = {
  data: 140_000_000,
  control: 140_000_000,
  models: 25_000_000,
};

/**
 * Parses and validates a request into the operation's input. The error lists all faults. The paths of
 * unknown members, which are ignored, are added to `unknown`. This is the only cast between the model
 * and types.
 */
export function readInput<Name extends OperationName>(
  operation: Operation<Name>,
  parts: RequestParts,
  unknown: string[] = [],
): OperationInput<Name> {
  return readMembers(operation, parts, unknown) as OperationInput<Name>;
}

function readMembers(
  operation: Operation,
  parts: RequestParts,
  unknown: string[],
): Record<string, unknown> {
  const { input: schema } = operation;
  const faults: Fault[] = [];
  const reader = createShapeReader(faults, unknown);
  const blobs: Record<string, Buffer> = {};
  let json: Record<string, unknown> | undefined;

  const input = reader.readMembers(
    schema,
    (member) => {
      const { name, wireName } = member;
      switch (member.location) {
        case 'label':
          return parts.labels[name];
        case 'header':
          return parts.headers[wireName];
        case 'query':
          return readQuery(member, parts.query.getAll(wireName));
        case 'payload':
          // Raw bytes need no parsing; their length was checked while they were received.
          if (member.schema.type !== 'blob') {
            return parts.body.length > 0 ? parse(parts.body) : undefined;
          }
          // An optional payload that is not sent cannot be distinguished from an empty one.
          if (parts.body.length === 0 && !member.isRequired) return undefined;
          blobs[name] = parts.body;
          return '';
        case 'body':
          return (json ??= parseObject(parts.body))[wireName];
        case 'status':
          return undefined;
      }
    },
    '',
  );
  if (faults.length > 0) throw constraintViolation(faults, operation.plane);
  if (json) reader.noteUnknown(schema, json, '');
  // The query of an agent's request may be the agent's own.
  if (!reachesAgent(operation)) unknown.push(...findUnknownQuery(schema, parts.query));
  return Object.assign(input, blobs);
}

/** Names in a query that the operation does not have, except those of a signature. */
function findUnknownQuery(schema: Schema, query: URLSearchParams): string[] {
  if (query.size === 0) return [];
  const known = new Set(
    [...schema.members.values()]
      .filter(({ location }) => location === 'query')
      .map(({ wireName }) => wireName),
  );
  return [...query.keys()].filter((name) => !known.has(name) && !/^x-amz-/i.test(name));
}

// Converts query text to numbers and booleans. Other text is passed on, and the reader rejects it.
function readQuery({ schema: { type } }: Member, values: string[]): unknown {
  if (type === 'list') return values.length > 0 ? values : undefined;
  const [value] = values;
  if (value === undefined) return undefined;
  if (type === 'integer' || type === 'float') {
    return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  }
  if (type === 'boolean') return value === 'true' || (value === 'false' ? false : value);
  return value;
}

function parse(body: Buffer): unknown {
  try {
    return readJson(body.toString('utf8'));
  } catch (error) {
    throw cannotParse(`The request body is not valid JSON: ${(error as Error).message}`);
  }
}

function parseObject(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  const value = parse(body);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || value instanceof ExactNumber) {
    throw cannotParse('The request body must be a JSON object.');
  }
  return value as Record<string, unknown>;
}

/** The client disconnected before it had sent its whole request. */
export class ClientDisconnected extends Error {}

/** Reads the complete body, so that agents and stores never get a partial one. */
export function readBody(operation: Operation, request: IncomingMessage): Promise<Buffer> {
  const { member, limit } = findBodyLimit(operation);
  // Uses events: an async iterator would add a tenth to the duration of an invocation.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    function rejectSize(): void {
      // The error is written to the same socket. The writer resumes the request.
      request.off('data', take).pause();
      const message = `Value at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${limit}`;
      reject(constraintViolation([{ path: member, message }]));
    }
    // A complete request closes too, so the error is created only for an incomplete one.
    const disconnect = () => {
      if (request.readableEnded) return;
      reject(new ClientDisconnected('the client disconnected before the end of its request'));
    };
    function take(chunk: Buffer): void {
      length += chunk.length;
      if (length > limit) return rejectSize();
      chunks.push(chunk);
    }
    if (Number(request.headers['content-length'] ?? 0) > limit) return rejectSize();
    request
      .on('data', take)
      .on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)))
      .on('error', disconnect)
      .on('close', disconnect);
  });
}

interface BodyLimit {
  readonly member: string;
  readonly limit: number;
}

const bodyLimits = new WeakMap<Operation, BodyLimit>();

function findBodyLimit(operation: Operation): BodyLimit {
  let found = bodyLimits.get(operation);
  if (!found) bodyLimits.set(operation, (found = computeBodyLimit(operation)));
  return found;
}

function computeBodyLimit({ plane, input: { payload } }: Operation): BodyLimit {
  const limit = MAX_JSON_BYTES[plane];
  return payload?.schema.type === 'blob'
    ? { member: payload.name, limit: payload.schema.max ?? limit }
    : { member: 'body', limit };
}
