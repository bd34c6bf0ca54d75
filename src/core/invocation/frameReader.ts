import { createReadBudget } from './readBudget.ts';
import type { EventTransform, StreamEvent } from './answer.ts';
import { createDisplayLimits } from './displayLimits.ts';
import type { Frame } from './framing/frame.ts';
import { createInterpreter } from './interpreter.ts';
import { createThinkingFilter } from './thinkingFilter.ts';
import { createToolUses } from './toolUses.ts';

/** Reads the frames of one answer to what they say. */
export interface AnswerFrameReader {
  read(frames: readonly Frame[]): StreamEvent[];
  /** Nothing more comes: what was waiting for more comes out. */
  end(): StreamEvent[];
}

/** Begins with an answer of which nothing has come. */
export function createFrameReader(): AnswerFrameReader {
  const allowance = createReadBudget();
  const tools = createToolUses();
  const interpreter = createInterpreter(tools);
  const stages = [createThinkingFilter(tools), createDisplayLimits()];
  return {
    read: (frames) =>
      joined(through(stages, frames.filter(allowance.admits).flatMap(interpreter.read))),
    end: () => [...through(stages, interpreter.end()), ...ended(stages), ...allowance.end()],
  };
}

function through(stages: readonly EventTransform[], events: StreamEvent[]): StreamEvent[] {
  return stages.reduce((before, stage) => before.flatMap(stage.push), events);
}

function ended([stage, ...rest]: readonly EventTransform[]): StreamEvent[] {
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
