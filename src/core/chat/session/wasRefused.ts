import type { Turn } from '../../../shared/chat/turn.ts';

/** Refusals that tell of a machine. */
const FROM_A_MACHINE = new Set(['RetryableConflictException', 'InternalServerException']);

/** Whether a turn ended before it came to a machine: whoever refuses so starts none. */
export function wasRefused({ outcome, firstAt }: Turn): boolean {
  if (outcome?.type !== 'failed' || firstAt !== null) return false;
  const { name } = outcome.failure;
  // The service's own errors, and what keeps a request from being sent at all.
  return /Exception$|^CredentialsProviderError$|^(?:Aggregate|Timeout)?Error$/.test(name)
    ? !FROM_A_MACHINE.has(name)
    : false;
}
