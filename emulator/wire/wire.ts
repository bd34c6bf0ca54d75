import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../log.ts';
import type { Sender } from './credential.ts';
import type { DemandSignature } from './demandSignature.ts';
import { cannotParse, failed, notEmulated, unknownOperation, WireError } from './errors.ts';
import { operations, reachesAgent } from './operations.ts';
import { CallerLeft, readBody, readInput } from './request.ts';
import {
  cutOff,
  isGone,
  writeError,
  writeOutput,
  type Answering,
  type ErrorForm,
} from './response.ts';
import { createRouter, type Route } from './router.ts';
import { refuseToSession } from './sessionRights.ts';

/** One call of one operation, apart from its input. `Caller` is whoever the address belongs to. */
export interface Call<Caller> extends Sender {
  readonly requestId: string;
  readonly caller: Caller;
  /** As it was sent, which is another than the operation's where a request was led to it. */
  readonly method: string;
  /** Calls back when the caller goes away before it has its answer; at once if it is gone. */
  onGone(listener: () => void): void;
}

/** An operation that we carry out, and how far. */
export interface Emulation<Caller> {
  /** What is still missing, in a few words; nothing where the operation is whole. */
  readonly lacks?: string;
  handle(input: never, call: Call<Caller>): Promise<object>;
}

/** What a service adds to the wire: its operations by name. */
export type Emulations<Caller> = Readonly<Record<string, Emulation<Caller>>>;

/** AWS's wire: every operation of AgentCore, those that we emulate and those that we refuse. */
export interface Wire<Caller> {
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    line: RequestLine,
    caller: Caller,
  ): Promise<void>;
}

/** What says which operation a request is: its own method and path, or those that it is led to. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
}

/** A request that is refused, as far as it was read. */
export interface Refused extends Route {
  /** As it was sent. */
  readonly method: string;
  readonly query: URLSearchParams;
  readonly body: Buffer | undefined;
}

/** What became of a call, for whoever keeps the record of it. */
export interface CallOutcome {
  readonly requestId: string;
  readonly operation: string;
  readonly status: number;
}

/**
 * The way of every request, top to bottom: route, read, validate, handle, write. Whatever is
 * thrown on the way becomes an error in AWS's form here and nowhere else.
 */
export function createWire<Caller>({
  emulations,
  demandSignature,
  logger,
  observe,
  errorForm = () => undefined,
}: {
  emulations: Emulations<Caller>;
  demandSignature: DemandSignature;
  logger: Logger;
  observe: (outcome: CallOutcome, caller: Caller) => void;
  /** How a refusal is said where it is not AWS's way. */
  errorForm?: (refused: Refused) => ErrorForm | undefined;
}): Wire<Caller> {
  const router = createRouter(operations.values());
  for (const name of Object.keys(emulations)) {
    if (!operations.has(name)) throw new Error(`AWS has no operation ${name} to emulate`);
  }

  function route(method: string, rawPath: string): Route {
    let found: Route | undefined;
    try {
      found = router.match(method, rawPath);
    } catch {
      throw cannotParse(`The path ${rawPath} is not valid percent-encoding.`);
    }
    if (!found) throw unknownOperation(method, rawPath, router.methods(rawPath));
    return found;
  }

  return {
    async handle(request, response, { method, path }, caller) {
      const requestId = randomUUID();
      const queryAt = path.indexOf('?');
      const rawPath = queryAt < 0 ? path : path.slice(0, queryAt);
      const query = new URLSearchParams(queryAt < 0 ? '' : path.slice(queryAt + 1));
      let found: Route | undefined;
      let body: Buffer | undefined;
      const answering: Answering = {
        requestId,
        asRefusal: (error) => refusalOf(error, found?.operation.name ?? rawPath),
      };
      try {
        found = route(method, rawPath);
        const { operation, labels } = found;
        const emulation = emulations[operation.name];
        if (!emulation) throw notEmulated(operation.name);
        body = await readBody(operation, request);
        const { method: sentAs = '', url: target = '/', headers } = request;
        const sender = { method: sentAs, target, headers, body, caller };
        // Who may call an agent is the agent's own authorizer's to say, once it is known which it is.
        if (!reachesAgent(operation)) {
          demandSignature(sender);
          refuseToSession(operation.name, sender);
        }
        const input = readInput(operation, {
          labels,
          query,
          headers,
          body,
        });
        const call: Call<Caller> = {
          ...sender,
          requestId,
          onGone(listener) {
            if (isGone(response)) return listener();
            response.once('close', () => {
              if (!response.writableEnded) listener();
            });
          },
        };
        const output = await emulation.handle(input as never, call);
        writeOutput(operation, output as Record<string, unknown>, response, answering);
      } catch (error) {
        const form = found && errorForm({ ...found, method: request.method ?? '', query, body });
        refuse(error, request, response, answering, form);
      }
      observe(
        { requestId, operation: found?.operation.name ?? rawPath, status: response.statusCode },
        caller,
      );
    },
  };

  // What we did not mean to refuse is our own failure.
  function refusalOf(error: unknown, operation: string): WireError {
    if (error instanceof WireError) return error;
    const failure = error instanceof Error ? error : new Error(String(error));
    logger.error(`${operation}: ${failure.stack}`);
    return failed(failure);
  }
}

function refuse(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  { requestId, asRefusal }: Answering,
  form: ErrorForm | undefined,
): void {
  if (error instanceof CallerLeft || (isGone(response) && !request.readableEnded)) return;
  const refusal = asRefusal(error);
  if (response.headersSent) return cutOff(response);
  // Clients that are still sending read the refusal only if what they send is taken in.
  request.resume();
  writeError(refusal, response, requestId, form);
}
