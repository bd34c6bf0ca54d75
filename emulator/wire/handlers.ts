import type { Caller } from '../caller.ts';
import type { AttributedRequest } from './credential.ts';
import type { OperationInput, OperationName, OperationOutput } from './operationTypes.ts';

/** One call of one operation, apart from its input. */
export interface Call extends AttributedRequest {
  readonly requestId: string;
  /** The session whose URL the request came by; null for any other caller. */
  readonly caller: Caller | null;
  /** The method as sent. A rewritten request's operation may have another. */
  readonly method: string;
  /** Calls back if the client disconnects before its response; at once if it already has. */
  onGone(listener: () => void): void;
}

/** Carries out one operation. */
export interface OperationHandler<Name extends OperationName> {
  /** What is not emulated yet, in a few words; absent where the operation is complete. */
  readonly lacks?: string;
  handle(input: OperationInput<Name>, call: Call): Promise<OperationOutput<Name>>;
}

/** The operations that a service emulates, by name. */
export type Handlers = {
  readonly [Name in OperationName]?: OperationHandler<Name>;
};
