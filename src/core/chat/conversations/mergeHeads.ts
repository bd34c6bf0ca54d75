import { isDeepStrictEqual } from 'node:util';
import type { ConversationHead } from './conversationStore.ts';

/** What says together where the conversation goes on. */
const SESSION = ['sessionId', 'runStartedAt', 'opening'] as const;

/**
 * A head that is to be kept, where another window may have kept one since: what was changed here is
 * taken from here, all else from there.
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
