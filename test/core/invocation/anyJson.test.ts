import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEvents, LINES, formatJsonLines, applyEvents } from '../../support/answers.ts';

const json = fc.jsonValue({ maxDepth: 3 });

test('the events of any JSON can be applied to a turn in order', async () => {
  const names = fc.constantFrom(
    ...`type event data delta message result content messages toolUse toolResult current_tool_use
      contentBlockDelta contentBlockStart metadata usage parts status artifact task jsonrpc id lc kwargs
      tool_calls tool_call_chunks choices object role name input toolUseId toolCallId item output
      response item_id call_id contentBlock rawItem`.split(/\s+/),
  );
  const types = fc.constantFrom(
    'assistant',
    'user',
    'ai',
    'tool',
    'AIMessageChunk',
    'TOOL_CALL_ARGS',
    'tool-input-delta',
    'response.output_item.done',
    'function_call',
    'run_item_stream_event',
    'modelStreamUpdateEvent',
    'messageAddedEvent',
  );
  const value = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, json, types, tie('list'), tie('object')),
    list: fc.array(tie('value'), { maxLength: 3 }),
    object: fc.dictionary(names, tie('value'), { maxKeys: 4 }),
  })).object;
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 5 }), async (values) => {
      const events = await readEvents(LINES, formatJsonLines(...values));
      expect(() => applyEvents(events)).not.toThrow();
    }),
    { numRuns: 300 },
  );
});
