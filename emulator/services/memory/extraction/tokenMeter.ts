import type { Clock } from '../../../clock.ts';
import type { ConversationMessage } from './extractor.ts';

const MINUTE = 60_000;
/** What models' tokens are of English, roughly; what is counted is AWS's secret. */
const LETTERS_A_TOKEN = 4;

/**
 * Whether so much may still be extracted in this minute of the clock. What was started by hand may be
 * more than a minute's tokens, if it is alone in its minute: else it could never be.
 */
export type TokenMeter = (turns: readonly ConversationMessage[], isStarted: boolean) => boolean;

/** Allows so many tokens in any minute; what is refused does not count. */
export function createTokenMeter(most: number, clock: Pick<Clock, 'now'>): TokenMeter {
  let taken: { readonly at: number; readonly tokens: number }[] = [];
  return (turns, isStarted) => {
    const now = clock.now();
    const letters = turns.reduce((sum, { text }) => sum + text.length, 0);
    const tokens = Math.ceil(letters / LETTERS_A_TOKEN);
    taken = taken.filter(({ at }) => at > now - MINUTE);
    const before = taken.reduce((sum, each) => sum + each.tokens, 0);
    if (before + tokens > most && !(isStarted && before === 0)) return false;
    if (most !== Infinity) taken.push({ at: now, tokens });
    return true;
  };
}
