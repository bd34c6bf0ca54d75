import type { Clock } from '../../../clock.ts';
import type { ConversationMessage } from './extractor.ts';

const MINUTE = 60_000;
/** Approximate characters per token in English. AWS does not publish how it counts tokens. */
const CHARACTERS_PER_TOKEN = 4;

/**
 * Returns true when the messages fit into the current minute of the clock. A restarted job may exceed
 * the limit when it is alone in its minute, because it could never run otherwise.
 */
export type TokenMeter = (messages: readonly ConversationMessage[], isRestart: boolean) => boolean;

/** Creates a meter that allows `limit` tokens in any minute. Rejected messages do not count. */
export function createTokenMeter(limit: number, clock: Pick<Clock, 'now'>): TokenMeter {
  let used: { readonly at: number; readonly tokens: number }[] = [];
  return (messages, isRestart) => {
    const now = clock.now();
    const characters = messages.reduce((sum, { text }) => sum + text.length, 0);
    const tokens = Math.ceil(characters / CHARACTERS_PER_TOKEN);
    used = used.filter(({ at }) => at > now - MINUTE);
    const usedTokens = used.reduce((sum, each) => sum + each.tokens, 0);
    if (usedTokens + tokens > limit && !(isRestart && usedTokens === 0)) return false;
    if (limit !== Infinity) used.push({ at: now, tokens });
    return true;
  };
}
