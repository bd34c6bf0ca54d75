import { setImmediate } from 'node:timers/promises';
import type { Answer, StreamEvent, ContentEvent } from './answer.ts';
import type { Frame } from './framing/frame.ts';
import { chooseFraming } from './framing/framing.ts';
import { createFrameReader } from './frameReader.ts';

/** Bytes after which the reader yields to the event loop, which a fast stream would block. */
const YIELD_INTERVAL_BYTES = 1_000_000;

/**
 * Reads an answer up to its end or its failure. The events do not depend on how the bytes are split.
 * `onFrame` gets each frame first.
 */
export async function* readAnswer(
  { contentType, body }: Answer,
  onFrame: (frame: Frame) => void = () => {},
): AsyncGenerator<ContentEvent> {
  const decoder = new TextDecoder();
  const framing = chooseFraming(contentType);
  const reader = createFrameReader();

  function read(frames: readonly Frame[]): StreamEvent[] {
    for (const frame of frames) onFrame(frame);
    return reader.read(frames);
  }

  let bytesSinceYield = 0;
  for await (const bytes of body) {
    bytesSinceYield += bytes.length;
    if (bytesSinceYield > YIELD_INTERVAL_BYTES) {
      bytesSinceYield = 0;
      await setImmediate();
    }
    for (const event of read(framing.push(decoder.decode(bytes, { stream: true })))) {
      // The end of the bytes is the end of the answer.
      if (event.type !== 'end') yield event;
      if (event.type === 'failure') return;
    }
  }
  for (const event of [
    ...read([...framing.push(decoder.decode()), ...framing.end()]),
    ...reader.end(),
  ]) {
    if (event.type !== 'end') yield event;
    if (event.type === 'failure') return;
  }
}
