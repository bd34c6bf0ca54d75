import type { OutgoingHttpHeaders } from 'node:http';
import { errorStatuses, type Plane } from './operations.ts';

/** An error in AWS's format: a name that SDKs map to a class, a status and a message. */
export class WireError extends Error {
  override readonly name: string;
  readonly status: number;
  /** Further members of the error's shape. */
  readonly members: Readonly<Record<string, unknown>>;
  /** Additional response headers, independent of the error's format. */
  readonly headers: Readonly<OutgoingHttpHeaders>;

  constructor(
    name: string,
    message: string,
    members: Readonly<Record<string, unknown>> = {},
    headers: Readonly<OutgoingHttpHeaders> = {},
  ) {
    super(message);
    this.name = name;
    this.status = errorStatuses.get(name) ?? commonErrors[name] ?? 500;
    this.members = members;
    this.headers = headers;
  }
}

// Errors that are common to all AWS services and not listed in their models.
const commonErrors: Readonly<Record<string, number>> = {
  NotImplemented: 501,
  UnknownOperationException: 404,
  MissingAuthenticationTokenException: 403,
  IncompleteSignatureException: 403,
  UnrecognizedClientException: 403,
  InvalidSignatureException: 403,
};

/** A constraint that a request violates. */
export interface Fault {
  /** The member in AWS's notation, such as `payload.1.member.content`. */
  readonly path: string;
  readonly message: string;
}

/** The request cannot be parsed. */
export function cannotParse(message: string): WireError {
  return new WireError('ValidationException', message, { reason: 'CannotParse' });
}

/**
 * The request violates constraints of the model. The message lists all of them, as in AWS, after the
 * sentence that AWS has instead, if any.
 */
export function constraintViolation(faults: readonly Fault[], plane?: Plane): WireError {
  const sentences = faults.flatMap(({ path }) => ownSentences.get(`${plane} ${path}`) ?? []);
  const errors = faults.length === 1 ? '1 validation error' : `${faults.length} validation errors`;
  return new WireError(
    'ValidationException',
    [...sentences, `${errors} detected: ${faults.map(({ message }) => message).join('; ')}`].join(
      '',
    ),
    {
      reason: 'FieldValidationFailed',
      fieldList: faults.map(({ path, message }) => ({ name: path, message })),
    },
  );
}

/** Beginnings of AWS's errors for members that it does not check by the model, by plane and member. */
const ownSentences: ReadonlyMap<string, string> = new Map([
  ['data memoryId', 'Invalid memoryId: not a valid memory ID or ARN. '],
  [
    'control agentRuntimeArtifact',
    'Invalid request provided: AgentArtifact must have exactly one configuration. ',
  ],
]);

/** The request is well-formed but invalid. */
export function invalid(message: string): WireError {
  return new WireError('ValidationException', message, { reason: 'FieldValidationFailed' });
}

/** The resource does not exist. */
export function notFound(message: string): WireError {
  return new WireError('ResourceNotFoundException', message);
}

/** The caller's identity is missing or not verified. The challenge explains how to authenticate. */
export function unauthorized(message: string, challenge: string): WireError {
  return new WireError('UnauthorizedException', message, {}, { 'www-authenticate': challenge });
}

/** The name is taken, or the resource's state does not allow the operation. */
export function conflict(message: string): WireError {
  return new WireError('ConflictException', message);
}

/** The quota for a kind of resource is reached. */
export function quotaExceeded(message: string): WireError {
  return new WireError('ServiceQuotaExceededException', message);
}

/** The caller has no permission. */
export function accessDenied(message: string): WireError {
  return new WireError('AccessDeniedException', message);
}

/** The caller exceeds a rate. SDKs retry after a delay. */
export function throttled(message: string): WireError {
  return new WireError('ThrottlingException', message);
}

/** The session is starting or stopping. SDKs retry. */
export function sessionBusy(): WireError {
  return new WireError('RetryableConflictException', 'Session operation in progress, please retry');
}

/** The agent could not start, ended during a response, or returned an error. */
export function agentFailed(message: string): WireError {
  return new WireError('RuntimeClientError', message);
}

/** An unexpected error of the emulator. */
export function failed(error: Error): WireError {
  return new WireError('InternalServerException', `The emulator failed: ${error.message}`);
}

/** A problem on this machine that the developer can fix. */
export function localFailure(message: string): WireError {
  return new WireError('InternalServerException', message);
}

/** The emulator does not support an operation, or a variant of one. */
export function notEmulated(feature: string): WireError {
  return new WireError(
    'NotImplemented',
    `${feature} is not emulated. GET /_emulator/operations lists all emulated operations.`,
  );
}

/** No operation has this method and path. */
export function unknownOperation(method: string, path: string, methods: string[]): WireError {
  const other = methods.length > 0 ? ` This path accepts ${methods.join(', ')}.` : '';
  const encoding = path.includes('/arn:')
    ? ' An ARN in a path must be percent-encoded, its slash as %2F.'
    : '';
  return new WireError(
    'UnknownOperationException',
    `${method} ${path} is not an operation of AgentCore or Bedrock Runtime.${other}${encoding}`,
  );
}
