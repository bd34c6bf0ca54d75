import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CLIENT_CLOSED } from '../../src/shared/session.ts';
import type { ActivityEmitter } from '../activity.ts';
import type { Caller } from '../caller.ts';
import type { Clock } from '../clock.ts';
import type { RequestLine } from '../http/route.ts';
import type { Logger } from '../log.ts';
import { startSpan, traceParentOf, type SpanDetail } from '../span.ts';
import { cannotParse, failed, notEmulated, unknownOperation, WireError } from './errors.ts';
import type { Call, Handlers } from './handlers.ts';
import { createOperationRouter, type MatchedOperation } from './operationRouter.ts';
import { formerRoutes, operations, reachesAgent, type Operation } from './operations.ts';
import type { OperationName } from './operationTypes.ts';
import { ClientDisconnected, readBody, readInput } from './request.ts';
import type { RequireSignature } from './requireSignature.ts';
import {
  abortResponse,
  isDisconnected,
  onDisconnected,
  writeError,
  writeOutput,
  type ErrorFormat,
  type ResponseContext,
} from './response.ts';
import { requireSessionPermission, type SessionPermissions } from './sessionPermissions.ts';

/** AWS's wire: handles all operations of the SDKs. Those that are not emulated return 501. */
export interface Wire {
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    line: RequestLine,
    caller: Caller | null,
  ): Promise<void>;
}

/** A refused request with the parts that were read. */
export interface RefusedRequest extends MatchedOperation {
  /** The method as sent. */
  readonly method: string;
  readonly query: URLSearchParams;
  readonly body: Buffer | undefined;
}

/** Dependencies of the wire. */
export interface WireDependencies {
  readonly handlers: Handlers;
  readonly requireSignature: RequireSignature;
  readonly sessionPermissions: SessionPermissions;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
  /** Receives a span after each response. */
  readonly activity: Pick<ActivityEmitter, 'emit'>;
  /** Returns the format of an error for clients that do not read AWS's. */
  readonly errorFormat?: (refused: RefusedRequest) => ErrorFormat | undefined;
}

/** Unknown members that a warning names. */
const MAX_SHOWN = 10;

/**
 * Handles a request: match the operation, read, authorize, parse, run the handler and write. This is
 * the only place that converts thrown errors to AWS's format.
 */
export function createWire({
  handlers,
  requireSignature,
  sessionPermissions,
  clock,
  activity,
  logger,
  errorFormat = () => undefined,
}: WireDependencies): Wire {
  const router = createOperationRouter([...operations.values(), ...formerRoutes]);
  for (const name of Object.keys(handlers)) {
    if (!operations.has(name)) throw new Error(`AWS has no operation ${name}`);
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
    // The agent's own authorizer decides after the agent has been found.
    if (reachesAgent(operation)) return;
    requireSignature(request, operation.signingName);
    requireSessionPermission(operation.name, request, sessionPermissions);
  }

  return {
    async handle(request, response, { method, path }, caller) {
      const requestId = randomUUID();
      const endSpan = startSpan({ requestId, headers: request.headers, caller }, clock);
      const [rawPath, query] = splitQuery(path);
      let matched: MatchedOperation | undefined;
      let body: Buffer | undefined;
      let hasDisconnected = false;
      let detail: Promise<SpanDetail> | undefined;
      const outputHeaders: Record<string, string | number> = {};
      const context: ResponseContext = {
        requestId,
        outputHeaders,
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
          traceParent: traceParentOf(headers),
          onDisconnected: (listener) => onDisconnected(response, listener),
          setResponseHeader: (name, value) => void (outputHeaders[name] = value),
          addToSpan: (promise) => void (detail = promise),
        };
        const output = await runHandler(operation, { labels, query, headers, body }, call);
        hasDisconnected = isDisconnected(response);
        writeOutput(operation, output, response, context);
      } catch (error) {
        hasDisconnected = isDisconnected(response);
        const format =
          matched && errorFormat({ ...matched, method: request.method ?? '', query, body });
        writeRefusal(error, request, response, context, format);
      }
      const status = hasDisconnected ? CLIENT_CLOSED : response.statusCode;
      const emitSpan = (more?: SpanDetail) => {
        const span = { ...endSpan(matched?.operation.name ?? rawPath, status), ...more };
        activity.emit({ type: 'span', span });
      };
      if (detail) void detail.then(emitSpan);
      else emitSpan();
    },
  };

  function runHandler<Name extends OperationName>(
    operation: Operation<Name>,
    parts: Parameters<typeof readInput>[1],
    call: Call,
  ): Promise<object> {
    const unknown: string[] = [];
    const input = readInput(operation, parts, unknown);
    if (unknown.length > 0) reportUnknown(operation.name, unknown, call.caller);
    return handlers[operation.name]!.handle(input, call);
  }

  // AWS ignores unknown members in silence. Here, a client that is newer than the model is noticed.
  function reportUnknown(
    operation: string,
    unknown: readonly string[],
    agent: Caller | null,
  ): void {
    const shown = unknown.slice(0, MAX_SHOWN).map((path) => JSON.stringify(path.slice(0, 100)));
    const more = unknown.length > MAX_SHOWN ? ` and ${unknown.length - MAX_SHOWN} more` : '';
    const message = `${operation}: Ignored members that AWS's model does not have: ${shown.join(', ')}${more}.`;
    logger.warn(message);
    if (agent === null) return;
    activity.emit({ type: 'entry', at: clock.now(), agent, entry: { type: 'note', message } });
  }

  // Any other error is a failure of the emulator.
  function toWireError(error: unknown, operation: string): WireError {
    if (error instanceof WireError) return error;
    const failure = error instanceof Error ? error : new Error(String(error));
    logger.error(`${operation}: ${failure.stack}`);
    return failed(failure);
  }
}

/** Shared, because creating one takes longer than all else that an absent query needs. */
const NO_QUERY = new URLSearchParams();

function splitQuery(path: string): [path: string, query: URLSearchParams] {
  const queryAt = path.indexOf('?');
  if (queryAt < 0) return [path, NO_QUERY];
  return [path.slice(0, queryAt), new URLSearchParams(path.slice(queryAt + 1))];
}

function writeRefusal(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  { requestId, toWireError }: ResponseContext,
  format: ErrorFormat | undefined,
): void {
  if (error instanceof ClientDisconnected || (isDisconnected(response) && !request.readableEnded))
    return;
  const wireError = toWireError(error);
  if (response.headersSent) return abortResponse(response);
  // A client that is still sending reads the error only after its data is consumed.
  request.resume();
  writeError(wireError, response, requestId, format);
}
