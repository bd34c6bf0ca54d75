import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../caller.ts';
import type { Clock } from '../clock.ts';
import type { RequestLine } from '../http/route.ts';
import type { Logger } from '../log.ts';
import type { Span } from '../span.ts';
import { cannotParse, failed, notEmulated, unknownOperation, WireError } from './errors.ts';
import type { Call, Handlers } from './handlers.ts';
import { createOperationRouter, type MatchedOperation } from './operationRouter.ts';
import { operations, reachesAgent, type Operation } from './operations.ts';
import type { OperationName } from './operationTypes.ts';
import { ClientDisconnected, readBody, readInput } from './request.ts';
import type { RequireSignature } from './requireSignature.ts';
import {
  cutOff,
  isGone,
  writeError,
  writeOutput,
  type ErrorFormat,
  type ResponseContext,
} from './response.ts';
import { requireSessionPermission, type SessionPermissions } from './sessionPermissions.ts';

/** AWS's wire: every operation of the SDKs, those that are emulated and those that are refused. */
export interface Wire {
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    line: RequestLine,
    caller: Caller | null,
  ): Promise<void>;
}

/** A request that is refused, as far as it was read. */
export interface RefusedRequest extends MatchedOperation {
  /** The method as sent. */
  readonly method: string;
  readonly query: URLSearchParams;
  readonly body: Buffer | undefined;
}

/** What the wire is built from. */
export interface WireDependencies {
  readonly handlers: Handlers;
  readonly requireSignature: RequireSignature;
  readonly sessionPermissions: SessionPermissions;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
  /** Receives a span after each response. */
  readonly onSpan: (span: Span) => void;
  /** Returns how an error is written where it is not in AWS's format. */
  readonly errorFormat?: (refused: RefusedRequest) => ErrorFormat | undefined;
}

/**
 * Handles a request from top to bottom: match the operation, read, authorize, parse, carry out,
 * write. Whatever is thrown on the way becomes an error in AWS's format here and nowhere else.
 */
export function createWire({
  handlers,
  requireSignature,
  sessionPermissions,
  clock,
  logger,
  onSpan,
  errorFormat = () => undefined,
}: WireDependencies): Wire {
  const router = createOperationRouter(operations.values());
  for (const name of Object.keys(handlers)) {
    if (!operations.has(name)) throw new Error(`AWS has no operation ${name} to emulate`);
  }

  function match(method: string, rawPath: string): MatchedOperation {
    let matched: MatchedOperation | undefined;
    try {
      matched = router.match(method, rawPath);
    } catch {
      throw cannotParse(`The path ${rawPath} is not valid percent-encoding.`);
    }
    if (!matched) throw unknownOperation(method, rawPath, router.methods(rawPath));
    return matched;
  }

  function authorize(operation: Operation, request: Parameters<RequireSignature>[0]): void {
    // The agent's own authorizer decides, once it is known which agent is called.
    if (reachesAgent(operation)) return;
    requireSignature(request, operation.signingName);
    requireSessionPermission(operation.name, request, sessionPermissions);
  }

  return {
    async handle(request, response, { method, path }, caller) {
      const requestId = randomUUID();
      const startedAt = clock.now();
      const begunAt = performance.now();
      const [rawPath, query] = splitQuery(path);
      let matched: MatchedOperation | undefined;
      let body: Buffer | undefined;
      const context: ResponseContext = {
        requestId,
        toWireError: (error) => toWireError(error, matched?.operation.name ?? rawPath),
      };
      try {
        matched = match(method, rawPath);
        const { operation, labels } = matched;
        if (!handlers[operation.name]) throw notEmulated(operation.name);
        body = await readBody(operation, request);
        const { method: sentMethod = '', url: target = '/', headers } = request;
        const attributed = { method: sentMethod, target, headers, body, caller };
        authorize(operation, attributed);
        const call: Call = {
          ...attributed,
          requestId,
          onGone(listener) {
            if (isGone(response)) return listener();
            response.once('close', () => {
              if (!response.writableEnded) listener();
            });
          },
        };
        const output = await carryOut(operation, { labels, query, headers, body }, call);
        writeOutput(operation, output, response, context);
      } catch (error) {
        const format =
          matched && errorFormat({ ...matched, method: request.method ?? '', query, body });
        refuse(error, request, response, context, format);
      }
      onSpan({
        requestId,
        operation: matched?.operation.name ?? rawPath,
        caller,
        traceParent: request.headers['traceparent']?.toString() ?? null,
        startedAt,
        duration: performance.now() - begunAt,
        status: response.statusCode,
      });
    },
  };

  function carryOut<Name extends OperationName>(
    operation: Operation<Name>,
    parts: Parameters<typeof readInput>[1],
    call: Call,
  ): Promise<object> {
    return handlers[operation.name]!.handle(readInput(operation, parts), call);
  }

  // What nobody meant to refuse is the emulator's own failure.
  function toWireError(error: unknown, operation: string): WireError {
    if (error instanceof WireError) return error;
    const failure = error instanceof Error ? error : new Error(String(error));
    logger.error(`${operation}: ${failure.stack}`);
    return failed(failure);
  }
}

function splitQuery(path: string): [path: string, query: URLSearchParams] {
  const queryAt = path.indexOf('?');
  if (queryAt < 0) return [path, new URLSearchParams()];
  return [path.slice(0, queryAt), new URLSearchParams(path.slice(queryAt + 1))];
}

function refuse(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  { requestId, toWireError }: ResponseContext,
  format: ErrorFormat | undefined,
): void {
  if (error instanceof ClientDisconnected || (isGone(response) && !request.readableEnded)) return;
  const refusal = toWireError(error);
  if (response.headersSent) return cutOff(response);
  // A client that is still sending reads the error only if its data is consumed.
  request.resume();
  writeError(refusal, response, requestId, format);
}
