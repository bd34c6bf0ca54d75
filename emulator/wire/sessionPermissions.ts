import type { AttributedRequest } from './credential.ts';
import { accessDenied } from './errors.ts';
import type { ActionName } from './operationTypes.ts';

// All code in a session's machine knows the session's URL, and it may be untrusted. So a session may
// call what agents need, but nothing that runs or changes code elsewhere. Only the operator may.

/** Read-only operations by AWS's naming. */
const READS = /^(?:Get|List)[A-Z]/;

/** The operations that a session may call through its URL, in addition to read-only ones. */
export interface SessionPermissions {
  readonly allowed: ReadonlySet<ActionName>;
  /** Operations that are allowed on the calling session itself. */
  readonly allowedForItself?: ReadonlySet<ActionName>;
}

/** Throws if a session may not call an operation through its URL. Other callers may call all. */
export function requireSessionPermission(
  operation: ActionName,
  { caller }: Pick<AttributedRequest, 'caller'>,
  { allowed, allowedForItself = NONE }: SessionPermissions,
  isItself: () => boolean = () => false,
): void {
  if (caller === null || allowed.has(operation) || READS.test(operation)) return;
  const isForItself = allowedForItself.has(operation);
  if (isForItself && isItself()) return;
  throw accessDenied(
    `${operation} is not allowed through a session's URL (/@…)${isForItself ? ', except on that session itself' : ''}. A session may invoke agents, use Memory, and call Get and List operations. For other operations, use the emulator's own URL.`,
  );
}

const NONE: ReadonlySet<ActionName> = new Set();
