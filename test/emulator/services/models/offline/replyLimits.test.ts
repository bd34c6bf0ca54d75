import { describe, expect, test } from 'vitest';
import {
  countReply,
  limitReply,
} from '../../../../../emulator/services/models/offline/replyLimits.ts';
import type { OfflineReply } from '../../../../../emulator/services/models/offline/offlineReply.ts';

const reply: OfflineReply = {
  content: [
    { type: 'text', text: 'One two three. STOP four END five.' },
    { type: 'toolUse', id: 'a', name: 'search', input: { query: 'cats' } },
  ],
  stopReason: 'toolUse',
};

describe('A reply', () => {
  test('ends before the first stop sequence.', () => {
    expect(limitReply(reply, { stopSequences: ['END', 'STOP', ''] })).toEqual({
      content: [{ type: 'text', text: 'One two three. ' }],
      stopReason: 'stopSequence',
      stopSequence: 'STOP',
    });
  });

  test('is empty if it begins with a stop sequence.', () => {
    const { content } = limitReply(reply, { stopSequences: ['One'] });
    expect(content).toEqual([]);
  });

  test.for([1, 3, 8])('has at most %d tokens.', (maxTokens) => {
    const limited = limitReply(reply, { stopSequences: [], maxTokens });
    expect(countReply(limited)).toBe(maxTokens);
    expect(limited.stopReason).toBe('maxTokens');
  });

  test('leaves out a call that does not fit.', () => {
    const limited = limitReply(reply, { stopSequences: [], maxTokens: countReply(reply) - 1 });
    expect(limited.content).toEqual([reply.content[0]]);
    expect(limited.stopReason).toBe('maxTokens');
  });

  test('that fits is unchanged.', () => {
    expect(limitReply(reply, { stopSequences: [], maxTokens: countReply(reply) })).toBe(reply);
  });
});
