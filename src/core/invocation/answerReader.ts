import { setImmediate } from 'node:timers/promises';
import type { Answer, StreamEvent, ContentEvent } from './answer.ts';
import type { Frame } from './framing/frame.ts';
import { chooseFraming } from './framing/framing.ts';
import { createFrameReader } from './frameReader.ts';

/** After how many bytes others have their turn: of a stream that never pauses they would have none. */
const BREATH = 1_000_000;

/**
 * Reads an answer to its end or to the failure inside it, whichever comes first. However its bytes
 * are cut, it is read to the same. What comes is told as it comes, too.
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

  let breath = 0;
  for await (const bytes of body) {
    breath += bytes.length;
    if (breath > BREATH) {
      breath = 0;
      await setImmediate();
    }
    for (const event of read(framing.push(decoder.decode(bytes, { stream: true })))) {
      // The end of the bytes tells it better.
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
