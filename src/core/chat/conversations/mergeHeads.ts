import { isDeepStrictEqual } from 'node:util';
import type { ConversationHead } from './conversationStore.ts';

/** Fields that change together. */
const SESSION = ['sessionId', 'runStartedAt', 'opening'] as const;

/**
 * Merges a head with the one that another window stored since: fields that changed here are ours, the
 * others theirs.
 */
export function mergeHeads(
  before: ConversationHead,
  ours: ConversationHead,
  theirs: ConversationHead,
): ConversationHead {
  const isOurs = (name: keyof ConversationHead) => !isDeepStrictEqual(ours[name], before[name]);
  const names = Object.keys(ours) as (keyof ConversationHead)[];
  const changed = new Set(names.filter(isOurs));
  if (SESSION.some((name) => changed.has(name))) for (const name of SESSION) changed.add(name);
  return {
    ...theirs,
    ...Object.fromEntries([...changed].map((name) => [name, ours[name]])),
    updatedAt: Math.max(ours.updatedAt, theirs.updatedAt),
  };
}
