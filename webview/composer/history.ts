import type { Turn } from '../../src/shared/chat/turn.ts';

/** Position in the sent prompts, with edits at each position that last until a prompt is sent. */
export interface PromptHistory {
  /** 0 is the draft, 1 the newest prompt, and so on. */
  readonly position: number;
  readonly edits: ReadonlyMap<number, string>;
}

/** Creates a history with a draft and no edits. */
export function createHistory(draft: string): PromptHistory {
  return { position: 0, edits: new Map([[0, draft]]) };
}

/** Prompts of a conversation, newest first, without consecutive duplicates. */
export function recallablePrompts(turns: readonly Turn[]): string[] {
  const prompts = turns
    .filter(({ isPayload, isUnprompted }) => !isPayload && !isUnprompted)
    .map(({ prompt }) => prompt);
  return prompts.filter((prompt, index) => prompt !== prompts[index + 1]).toReversed();
}

/** Text at the current position. */
export function currentText(
  { position, edits }: PromptHistory,
  prompts: readonly string[],
): string {
  return edits.get(position) ?? prompts[position - 1] ?? currentDraft({ edits });
}

/** The draft, at whatever position the history is. */
export function currentDraft({ edits }: Pick<PromptHistory, 'edits'>): string {
  return edits.get(0) ?? '';
}

/** Returns the history with an edit at the current position. */
export function writeText({ position, edits }: PromptHistory, text: string): PromptHistory {
  return { position, edits: new Map(edits).set(position, text) };
}

/** Moves to an older (1) or newer (-1) prompt; null if there is none. */
export function recall(
  history: PromptHistory,
  prompts: readonly string[],
  step: 1 | -1,
): PromptHistory | null {
  const position = history.position + step;
  return position < 0 || position > prompts.length ? null : { ...history, position };
}
