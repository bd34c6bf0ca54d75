import { createReadBudget } from './readBudget.ts';
import type { EventTransform, StreamEvent } from './answer.ts';
import { createDisplayLimits } from './displayLimits.ts';
import type { Frame } from './framing/frame.ts';
import { createInterpreter } from './interpreter.ts';
import { createThinkingFilter } from './thinkingFilter.ts';
import { createToolUses } from './toolUses.ts';

/** Reads frames as events. */
export interface AnswerFrameReader {
  read(frames: readonly Frame[]): StreamEvent[];
  /** Returns the events that were held back, because the answer has ended. */
  end(): StreamEvent[];
}

/** Creates the reader of one answer. */
export function createFrameReader(): AnswerFrameReader {
  const budget = createReadBudget();
  const tools = createToolUses();
  const interpreter = createInterpreter(tools);
  const stages = [createThinkingFilter(tools), createDisplayLimits()];
  return {
    read: (frames) =>
      joinText(transform(stages, frames.filter(budget.admits).flatMap(interpreter.read))),
    end: () => [...transform(stages, interpreter.end()), ...endAll(stages), ...budget.end()],
  };
}

function transform(stages: readonly EventTransform[], events: StreamEvent[]): StreamEvent[] {
  return stages.reduce((before, stage) => before.flatMap(stage.push), events);
}

function endAll([stage, ...rest]: readonly EventTransform[]): StreamEvent[] {
  return stage ? [...transform(rest, stage.end()), ...endAll(rest)] : [];
}

/** Joins consecutive pieces of the same text. */
function joinText(events: readonly StreamEvent[]): StreamEvent[] {
  const all: StreamEvent[] = [];
  for (const event of events) {
    const last = all.at(-1);
    if ((event.type === 'text' || event.type === 'thinking') && last?.type === event.type) {
      all[all.length - 1] = { type: event.type, text: last.text + event.text };
    } else all.push(event);
  }
  return all;
}
