import type { OutgoingHttpHeaders } from 'node:http';
import { errorStatuses } from './operations.ts';

/** A refusal in AWS's form: a name that the SDKs turn into a class, a status and a message. */
export class WireError extends Error {
  override readonly name: string;
  readonly status: number;
  /** Further members of the error's shape. */
  readonly members: Readonly<Record<string, unknown>>;
  /** What the answer says beside it, in whatever form the error goes out. */
  readonly headers: Readonly<OutgoingHttpHeaders>;

  constructor(
    name: string,
    message: string,
    members: Readonly<Record<string, unknown>> = {},
    headers: Readonly<OutgoingHttpHeaders> = {},
  ) {
    super(message);
    this.name = name;
    this.status = errorStatuses.get(name) ?? unmodelled[name] ?? 500;
    this.members = members;
    this.headers = headers;
  }
}

// Errors that every AWS front door knows, so that no service's model lists them.
const unmodelled: Readonly<Record<string, number>> = {
  NotImplemented: 501,
  UnknownOperationException: 404,
  MissingAuthenticationTokenException: 403,
  IncompleteSignatureException: 403,
  UnrecognizedClientException: 403,
  InvalidSignatureException: 403,
};

/** One demand that a request does not meet. */
export interface Fault {
  /** The member, in the service's way of writing it: `payload.1.member.content`. */
  readonly path: string;
  readonly message: string;
}

/** The request cannot be read at all. */
export function cannotParse(message: string): WireError {
  return new WireError('ValidationException', message, { reason: 'CannotParse' });
}

/** The request is readable and breaks the model's constraints; says all of them, as AWS does. */
export function constraintViolation(faults: readonly Fault[]): WireError {
  const errors = faults.length === 1 ? '1 validation error' : `${faults.length} validation errors`;
  return new WireError(
    'ValidationException',
    `${errors} detected: ${faults.map((fault) => fault.message).join('; ')}`,
    {
      reason: 'FieldValidationFailed',
      fieldList: faults.map(({ path, message }) => ({ name: path, message })),
    },
  );
}

/** A request that is well-formed and yet wrong. */
export function invalid(message: string): WireError {
  return new WireError('ValidationException', message, { reason: 'FieldValidationFailed' });
}

/** What was named does not exist. */
export function notFound(message: string): WireError {
  return new WireError('ResourceNotFoundException', message);
}

/** Who asked did not show who they are, or not well; the challenge says how that is done. */
export function unauthorized(message: string, challenge: string): WireError {
  return new WireError('UnauthorizedException', message, {}, { 'www-authenticate': challenge });
}

/** A name is taken, or what was named is not in a state for it. */
export function conflict(message: string): WireError {
  return new WireError('ConflictException', message);
}

/** There are as many of something as AWS allows. */
export function quotaExceeded(message: string): WireError {
  return new WireError('ServiceQuotaExceededException', message);
}

/** Who asked may not. */
export function accessDenied(message: string): WireError {
  return new WireError('AccessDeniedException', message);
}

/** The caller asks more often than it may; SDKs wait and try again by themselves. */
export function throttled(message: string): WireError {
  return new WireError('ThrottlingException', message);
}

/** The session is being started or torn down; SDKs try again by themselves. */
export function sessionBusy(): WireError {
  return new WireError('RetryableConflictException', 'Session operation in progress, please retry');
}

/** The agent's own failure: it could not start, broke off, or answered with an error. */
export function agentFailed(message: string): WireError {
  return new WireError('RuntimeClientError', message);
}

/** Our own failure, which is nobody else's fault. */
export function failed(error: Error): WireError {
  return new WireError('InternalServerException', `The emulator failed: ${error.message}`);
}

/** Something of this machine is in the way, which whoever runs the emulator can mend. */
export function hindered(message: string): WireError {
  return new WireError('InternalServerException', message);
}

/** An operation of AWS's, or a kind of it, that the emulator does not have; never a faked success. */
export function notEmulated(what: string): WireError {
  return new WireError(
    'NotImplemented',
    `${what} is not emulated. GET /_emulator/operations lists what is.`,
  );
}

/** A path or method that is no operation of AgentCore. */
export function unknownOperation(method: string, path: string, methods: string[]): WireError {
  const other = methods.length > 0 ? ` This path takes ${methods.join(', ')}.` : '';
  const encoding = path.includes('/arn:')
    ? ' An ARN in a path is percent-encoded: its slash as %2F.'
    : '';
  return new WireError(
    'UnknownOperationException',
    `${method} ${path} is no operation of AgentCore.${other}${encoding}`,
  );
}
