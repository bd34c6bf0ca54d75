import type { OfflineFault } from '../../../../src/shared/offlineModel.ts';
import { ModelError } from '../modelError.ts';
import type { OfflineReply } from './offlineReply.ts';
import { cutAtTokens, countReply } from './replyLimits.ts';

/** The text that replaces a reply when a guardrail intervenes. */
const BLOCKED = 'The guardrail blocked this reply on request.';

const ERRORS: Readonly<Partial<Record<OfflineFault, () => ModelError>>> = {
  throttling: () => new ModelError('throttled', 'The offline model throttles calls on request.', 1),
  unavailable: () => new ModelError('unavailable', 'The offline model is unavailable on request.'),
  timeout: () => new ModelError('timeout', 'The offline model times out on request.'),
};

/** Throws the error of a fault that prevents the reply. */
export function throwFault(fault: OfflineFault | null): void {
  const createError = fault && ERRORS[fault];
  if (createError) throw createError();
}

/** Changes a reply as a fault does. A guardrail replaces it with `blocked`. */
export function applyFault(
  reply: OfflineReply,
  fault: OfflineFault | null,
  blocked = BLOCKED,
): OfflineReply {
  if (fault === 'maxTokens') {
    return cutAtTokens(reply, Math.max(1, Math.floor(countReply(reply) / 2)));
  }
  if (fault === 'guardrail') {
    return { content: [{ type: 'text', text: blocked }], stopReason: 'guardrail' };
  }
  return reply;
}
