import fc from 'fast-check';
import { formatEvent, readEvents, splitBytes } from '../../support/answers.ts';

/** An answer, and the events that are read of it. */
export type AnswerExample = [name: string, contentType: string, answer: string, events: string[]];

/** Reads an answer in many splits of its bytes, and passes what is read to a check each time. */
export async function readInAllSplits(
  contentType: string,
  answer: string,
  check: (events: string[]) => void,
): Promise<void> {
  const bytes = new TextEncoder().encode(answer);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { maxLength: 30 }), async (offsets) => {
      const events = await readEvents(contentType, ...splitBytes(bytes, offsets));
      check(events.map(formatEvent));
    }),
    { numRuns: 30, examples: [[[]], [[...bytes.keys()]]] },
  );
}
