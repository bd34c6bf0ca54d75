import type { Caller, RunningRequest } from '../caller.ts';
import type { SpanDetail } from '../span.ts';
import type { AttributedRequest } from './credential.ts';
import type { OperationInput, OperationName, OperationOutput } from './operationTypes.ts';

/** The context of a call: its request and caller. */
export interface Call extends AttributedRequest, RunningRequest {
  /** The session whose URL the request used; null for any other caller. */
  readonly caller: Caller | null;
  /** The method as sent. A rewritten request's operation may have another. */
  readonly method: string;
  /** Calls back if the client disconnects before the response; immediately if it already has. */
  onDisconnected(listener: () => void): void;
  /** Adds a header to the response if the call succeeds, in addition to those of AWS's model. */
  setResponseHeader(name: string, value: string | number): void;
  /** Adds to the call's span, which then ends with the promise. */
  addToSpan(detail: Promise<SpanDetail>): void;
}

/** Carries out one operation. */
export interface OperationHandler<Name extends OperationName> {
  /** The missing parts of a partial emulation; absent for a complete one. */
  readonly lacks?: string;
  handle(input: OperationInput<Name>, call: Call): Promise<OperationOutput<Name>>;
}

/** The operations that a service emulates, by name. */
export type Handlers = {
  readonly [Name in OperationName]?: OperationHandler<Name>;
};
