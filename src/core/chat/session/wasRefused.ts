import type { Turn } from '../../../shared/chat/turn.ts';

/** Errors of the service that come from a compute environment. */
const FROM_A_MACHINE = new Set(['RetryableConflictException', 'InternalServerException']);

/** True if the service refused a turn before it reached a compute environment. */
export function wasRefused({ outcome, firstAt }: Turn): boolean {
  if (outcome?.type !== 'failed' || firstAt !== null) return false;
  const { name } = outcome.failure;
  // Errors of the service, and errors that prevent a request from being sent.
  return /Exception$|^CredentialsProviderError$|^(?:Aggregate|Timeout)?Error$/.test(name)
    ? !FROM_A_MACHINE.has(name)
    : false;
}
