import type { AttributedRequest } from './credential.ts';
import { accessDenied } from './errors.ts';

// A session's URL is known to whatever runs in its machine, which may be isolated because nobody
// trusts it. So a session may do what agents need, and nothing that runs or changes code elsewhere.
// Everything else is the operator's.

/** Operations that only read, of any service, by AWS's naming. */
const READS = /^(?:Get|List)[A-Z]/;

/** The operations that a session may call through its URL, beside those that only read. */
export interface SessionPermissions {
  readonly allowed: ReadonlySet<string>;
  /** Allowed for the calling session itself: it could do these without the emulator. */
  readonly allowedForItself?: ReadonlySet<string>;
}

/** Throws where a session may not call an operation through its URL. Other callers may. */
export function requireSessionPermission(
  operation: string,
  { caller }: Pick<AttributedRequest, 'caller'>,
  { allowed, allowedForItself = NONE }: SessionPermissions,
  isItself: () => boolean = () => false,
): void {
  if (caller === null || allowed.has(operation) || READS.test(operation)) return;
  const isForItself = allowedForItself.has(operation);
  if (isForItself && isItself()) return;
  throw accessDenied(
    `${operation} is not for what comes by a session's own address (/@…)${isForItself ? ', but in that session itself' : ''}: it may invoke agents, use Memory, and look with Get and List. What is to do more is given the emulator's own address.`,
  );
}

const NONE: ReadonlySet<string> = new Set();
