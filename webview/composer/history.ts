import type { Turn } from '../../src/shared/chat/turn.ts';

/**
 * The line that one writes in, which leads back to the prompts that were sent. What is changed on the
 * way is kept at its place, until something is sent.
 */
export interface PromptHistory {
  /** 0 is the draft, 1 the prompt before it, and so on. */
  readonly place: number;
  readonly written: ReadonlyMap<number, string>;
}

/** A line with nothing but a draft. */
export function createHistory(draft: string): PromptHistory {
  return { place: 0, written: new Map([[0, draft]]) };
}

/** What can be recalled: the conversation's prompts, the newest first, no two alike in a row. */
export function recallablePrompts(turns: readonly Turn[]): string[] {
  const prompts = turns
    .filter(({ isPayload, isUnasked }) => !isPayload && !isUnasked)
    .map(({ prompt }) => prompt);
  return prompts.filter((prompt, index) => prompt !== prompts[index + 1]).toReversed();
}

/** What stands in the line. */
export function currentText({ place, written }: PromptHistory, prompts: readonly string[]): string {
  return written.get(place) ?? prompts[place - 1] ?? currentDraft({ written });
}

/** What one was writing before one went back. */
export function currentDraft({ written }: Pick<PromptHistory, 'written'>): string {
  return written.get(0) ?? '';
}

/** The line with this text at its place. */
export function writeText({ place, written }: PromptHistory, text: string): PromptHistory {
  return { place, written: new Map(written).set(place, text) };
}

/** The line a step further back, or nearer to the draft; null where that is no place. */
export function recall(
  line: PromptHistory,
  prompts: readonly string[],
  step: 1 | -1,
): PromptHistory | null {
  const place = line.place + step;
  return place < 0 || place > prompts.length ? null : { ...line, place };
}
