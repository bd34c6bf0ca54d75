import { ModelError } from '../modelError.ts';
import type { OfflineReply } from './offlineReply.ts';
import { cutAtTokens, countReply } from './replyLimits.ts';

/** Failures that the offline model plays on request. */
export const OFFLINE_FAULTS = [
  'throttling',
  'unavailable',
  'timeout',
  'cutStream',
  'maxTokens',
  'guardrail',
] as const;

export type OfflineFault = (typeof OFFLINE_FAULTS)[number];

/** The text that replaces a reply when a guardrail intervenes. */
const BLOCKED = 'The guardrail blocked this reply on request.';

/** Throws the error of a fault that prevents the reply. */
export function throwFault(fault: OfflineFault | null): void {
  switch (fault) {
    case 'throttling':
      throw new ModelError('throttled', 'The offline model throttles calls on request.', 1);
    case 'unavailable':
      throw new ModelError('unavailable', 'The offline model is unavailable on request.');
    case 'timeout':
      throw new ModelError('timeout', 'The offline model times out on request.');
    default:
  }
}

/** Changes a reply as a fault does. A guardrail replaces it with `blocked`. */
export function applyFault(
  reply: OfflineReply,
  fault: OfflineFault | null,
  blocked = BLOCKED,
): OfflineReply {
  switch (fault) {
    case 'maxTokens':
      return cutAtTokens(reply, Math.max(1, Math.floor(countReply(reply) / 2)));
    case 'guardrail':
      return { content: [{ type: 'text', text: blocked }], stopReason: 'guardrail' };
    default:
      return reply;
  }
}
