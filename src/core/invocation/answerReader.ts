import { setImmediate } from 'node:timers/promises';
import type { Answer, Stage, StreamEvent } from './answer.ts';
import { createBounds } from './bounds.ts';
import type { Frame } from './framing/frame.ts';
import { framingOf } from './framing/framing.ts';
import { createInterpreter } from './interpreter.ts';
import { createThinkingFilter } from './thinkingFilter.ts';
import { createToolUses } from './toolUses.ts';

/** After how many bytes others have their turn: of a stream that never pauses they would have none. */
const BREATH = 1_000_000;

/**
 * Reads an answer to its end or to the failure inside it, whichever comes first. However its bytes
 * are cut, it is read to the same. What comes is told as it comes, too.
 */
export async function* readAnswer(
  { contentType, body }: Answer,
  onFrame: (frame: Frame) => void = () => {},
): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  const framing = framingOf(contentType);
  const tools = createToolUses();
  const interpreter = createInterpreter(tools);
  const stages = [createThinkingFilter(tools), createBounds()];

  function read(frames: readonly Frame[]): StreamEvent[] {
    for (const frame of frames) onFrame(frame);
    return joined(through(stages, frames.flatMap(interpreter.read)));
  }

  let breath = 0;
  for await (const bytes of body) {
    breath += bytes.length;
    if (breath > BREATH) {
      breath = 0;
      await setImmediate();
    }
    for (const event of read(framing.push(decoder.decode(bytes, { stream: true })))) {
      yield event;
      if (event.type === 'failure') return;
    }
  }
  for (const event of [
    ...read([...framing.push(decoder.decode()), ...framing.end()]),
    ...through(stages, interpreter.end()),
    ...ended(stages),
  ]) {
    yield event;
    if (event.type === 'failure') return;
  }
}

function through(stages: readonly Stage[], events: StreamEvent[]): StreamEvent[] {
  return stages.reduce((before, stage) => before.flatMap(stage.push), events);
}

function ended([stage, ...rest]: readonly Stage[]): StreamEvent[] {
  return stage ? [...through(rest, stage.end()), ...ended(rest)] : [];
}

/** Pieces of the same text as one: what came at once is shown at once. */
function joined(events: readonly StreamEvent[]): StreamEvent[] {
  const all: StreamEvent[] = [];
  for (const event of events) {
    const last = all.at(-1);
    if ((event.type === 'text' || event.type === 'thinking') && last?.type === event.type) {
      all[all.length - 1] = { type: event.type, text: last.text + event.text };
    } else all.push(event);
  }
  return all;
}
