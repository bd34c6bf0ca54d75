import type { ActivityEmitter } from './activity.ts';
import type { AgentSource } from './agentSource.ts';
import type { AdminRoutes } from './admin/adminRoute.ts';
import type { Caller } from './caller.ts';
import type { Clock } from './clock.ts';
import type { Computes } from './compute/computes.ts';
import type { RequestLine, Route, SecretUrlRoute } from './http/route.ts';
import type { ServerAddress } from './http/server.ts';
import type { SessionUrls } from './http/sessionUrls.ts';
import type { Logger } from './log.ts';
import type { EmulatorOptions } from './options.ts';
import type { ActionKeys } from './policy/policyHints.ts';
import type { IdentityPolicies } from './policy/identityPolicies.ts';
import type { FindTagged } from './tags.ts';
import type { TextModel } from './textModel.ts';
import type { Storage } from './storage/storage.ts';
import type { Handlers } from './wire/handlers.ts';
import type { ActionName } from './wire/operationTypes.ts';
import type { RequireSignature } from './wire/requireSignature.ts';
import type { ErrorFormat } from './wire/response.ts';
import type { RefusedRequest } from './wire/wire.ts';

/**
 * A part of AgentCore. It declares what it contributes, and the emulator folds over all services, so
 * that adding one is a folder and a line in emulator.ts. Every contribution is optional.
 */
export interface Service {
  readonly name: string;
  /** The AWS operations that the service emulates. */
  readonly operations?: Handlers;
  /** HTTP endpoints that are not AWS operations. */
  readonly routes?: readonly Route[];
  /** HTTP endpoints whose URLs are secret. */
  readonly secretUrlRoutes?: readonly SecretUrlRoute[];
  /** Operations that an agent may call through its session URL, in addition to read-only ones. */
  readonly sessionOperations?: readonly ActionName[];
  /** The IAM condition keys of the operations for which it enforces identity policies. */
  readonly conditionKeys?: ActionKeys;
  /** Environment variables that a session starts with. */
  environmentFor?(session: StartingSession): Readonly<Record<string, string>>;
  /** Calls below `/_emulator`, loaded with the first request to the admin API. */
  admin?(): Promise<AdminRoutes>;
  /** Returns the service's resource with an ARN; null if the service has no resources of that kind. */
  readonly findTagged?: FindTagged;
  /** Returns the model that a user chose for another service. Its backend opens with the first call. */
  openTextModel?(name: string): TextModel;
  /** Maps a request that SDKs do not send to the operation that serves it; returns others unchanged. */
  rewriteRequest?(line: RequestLine): RequestLine;
  /** Returns the format of an error for clients that do not read AWS's. */
  errorFormat?(refused: RefusedRequest): ErrorFormat | undefined;
  /** Starts background work. Requests are served from now on. */
  start?(): void;
  /** Ends all clients of the emulator, such as agents, while requests are still served. */
  drain?(): Promise<void>;
  /** Releases the service's resources. No more requests arrive. */
  close?(): Promise<void>;
}

/** A session that is about to start, with its URL of the emulator. */
export interface StartingSession {
  readonly caller: Caller;
  readonly source: AgentSource;
  /** The session's own base URL, `http://HOST:PORT/@TOKEN`. */
  readonly url: string;
}

/** Creates a service from what the emulator provides. */
export type CreateService = (context: ServiceContext) => Service | Promise<Service>;

/** Everything that the emulator provides to its services. */
export interface ServiceContext {
  readonly options: EmulatorOptions;
  readonly region: string;
  readonly account: string;
  readonly clock: Clock;
  /** Spans of all calls, and the life-cycle events of sessions. */
  readonly activity: ActivityEmitter;
  readonly storage: Storage;
  readonly logger: Logger;
  readonly server: ServerAddress;
  readonly computes: Computes;
  readonly sessionUrls: SessionUrls;
  readonly requireSignature: RequireSignature;
  readonly identityPolicies: IdentityPolicies;
  /**
   * All services of this emulator. The list is complete once requests are served. Before, it has the
   * services that were created earlier.
   */
  readonly services: readonly Service[];
}
