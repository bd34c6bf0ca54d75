import type { IncomingMessage } from 'node:http';
import type { NormalizedSchema } from '@smithy/core/schema';
import { cannotParse, constraintViolation, type Fault } from './errors.ts';
import { constraintsOf } from './constraints.ts';
import type { Operation } from './operations.ts';
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

/** Larger than anything AgentCore takes: 100 MB in base64, and what stands around it. */
const LARGEST_JSON = 140_000_000;

/** Where a member of an operation's input stands in the request. */
type Place =
  | { readonly in: 'label' | 'body' | 'payload' }
  | { readonly in: 'header' | 'query'; readonly name: string };

function placeOf(member: NormalizedSchema): Place {
  const { httpLabel, httpHeader, httpQuery, httpPayload } = member.getMergedTraits();
  if (httpLabel) return { in: 'label' };
  if (httpHeader !== undefined) return { in: 'header', name: httpHeader.toLowerCase() };
  if (httpQuery !== undefined) return { in: 'query', name: httpQuery };
  return { in: httpPayload ? 'payload' : 'body' };
}

const placesByOperation = new WeakMap<Operation, ReadonlyMap<string, Place>>();

function placesOf(operation: Operation): ReadonlyMap<string, Place> {
  let places = placesByOperation.get(operation);
  if (!places) {
    places = new Map(
      [...operation.input.structIterator()].map(([name, member]) => [name, placeOf(member)]),
    );
    placesByOperation.set(operation, places);
  }
  return places;
}

/**
 * Parses and validates a request into the operation's input; the error lists everything that is
 * wrong. The one cast between schemas and types is here: both are generated from the same model.
 */
export function readInput<Name extends OperationName>(
  operation: Operation<Name>,
  parts: RequestParts,
): OperationInput<Name> {
  return readMembers(operation, parts) as OperationInput<Name>;
}

function readMembers(operation: Operation, parts: RequestParts): Record<string, unknown> {
  if (operation.input.isUnitSchema()) return {};
  const faults: Fault[] = [];
  const places = placesOf(operation);
  const reader = createShapeReader(operation.plane, faults);
  const blobs: Record<string, Buffer> = {};
  let json: Record<string, unknown> | undefined;

  const input = reader.readMembers(
    operation.input,
    (name, member) => {
      const place = places.get(name)!;
      switch (place.in) {
        case 'label':
          return parts.labels[name];
        case 'header':
          return parts.headers[place.name];
        case 'query':
          return readQuery(member, parts.query.getAll(place.name));
        case 'payload':
          // Raw bytes need no reading; their length was held to its limit as they came in.
          if (!member.isBlobSchema()) return parts.body.length > 0 ? parse(parts.body) : undefined;
          blobs[name] = parts.body;
          return '';
        case 'body':
          return (json ??= parseObject(parts.body))[name];
      }
    },
    '',
  );
  if (faults.length > 0) throw constraintViolation(faults);
  return Object.assign(input, blobs);
}

// A query knows only text: what is to be a number or a boolean is made one here, and what cannot
// be is left for the reader to refuse.
function readQuery(member: NormalizedSchema, values: string[]): unknown {
  if (member.isListSchema()) return values.length > 0 ? values : undefined;
  const [value] = values;
  if (value === undefined) return undefined;
  if (member.isNumericSchema()) return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (member.isBooleanSchema()) return value === 'true' || (value === 'false' ? false : value);
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

/** Reads the whole body, so that a partial one never reaches an agent or a store. */
export function readBody(operation: Operation, request: IncomingMessage): Promise<Buffer> {
  const { member, limit } = bodyLimitOf(operation);
  // By its events: an iterator of the stream costs a tenth of what a whole invocation does.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    function refuse(): void {
      // The error is written to the same socket, so whoever writes it resumes the request.
      request.off('data', take).pause();
      const message = `Value at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${limit}`;
      reject(constraintViolation([{ path: member, message }]));
    }
    const disconnect = () =>
      reject(new ClientDisconnected('the client disconnected while it sent'));
    function take(chunk: Buffer): void {
      length += chunk.length;
      if (length > limit) return refuse();
      chunks.push(chunk);
    }
    if (Number(request.headers['content-length'] ?? 0) > limit) return refuse();
    request
      .on('data', take)
      .once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)))
      .once('error', disconnect)
      .once('close', disconnect);
  });
}

interface BodyLimit {
  readonly member: string;
  readonly limit: number;
}

const bodyLimits = new WeakMap<Operation, BodyLimit>();

function bodyLimitOf(operation: Operation): BodyLimit {
  let found = bodyLimits.get(operation);
  if (!found) bodyLimits.set(operation, (found = findBodyLimit(operation)));
  return found;
}

function findBodyLimit(operation: Operation): BodyLimit {
  if (!operation.input.isUnitSchema()) {
    for (const [name, member] of operation.input.structIterator()) {
      if (!member.getMergedTraits().httpPayload || !member.isBlobSchema()) continue;
      const { max } = constraintsOf(operation.plane, operation.input.getName() ?? '')[name] ?? {};
      return { member: name, limit: max ?? LARGEST_JSON };
    }
  }
  return { member: 'body', limit: LARGEST_JSON };
}
