import type { ToolResult } from '../../shared/chat/answer.ts';
import type { StreamEvent } from './answer.ts';
import { createStreamedText, type StreamedText } from './streamedText.ts';

/**
 * The tool uses of one answer. Streams tell them more than once, in pieces and whole, and sometimes
 * the end without the beginning; of each, what comes out begins once, grows, and ends once.
 */
export interface ToolUses {
  /** A use of which the arguments come in pieces. */
  start(id: string, name: string): StreamEvent[];
  /** More of its arguments. */
  appendInput(id: string, json: string): StreamEvent[];
  /** Its arguments as far as they have come. */
  updateInput(id: string, json: string): StreamEvent[];
  /** A use with all its arguments. */
  addUse(id: string, name: string, input: unknown): StreamEvent[];
  /** What it gave back; the name is for one that was not told before. */
  addResult(id: string, result: ToolResult, name?: string): StreamEvent[];
  /** An id for a use that has none of its own. */
  newId(): string;
}

/** Begins without any. */
export function createToolUses(): ToolUses {
  // By the id that the agent gives: its own, as some agents number the tools of each message anew.
  const uses = new Map<
    string,
    { readonly id: string; readonly input: StreamedText; ended: boolean }
  >();
  let count = 0;

  function begin(id: string, name: string): StreamEvent[] {
    const before = uses.get(id);
    if (before && !before.ended) return [];
    count += 1;
    const own = before ? `${id} ${count}` : id;
    uses.set(id, { id: own, input: createStreamedText(), ended: false });
    return [{ type: 'tool', id: own, name }];
  }

  function more(id: string, json: string): StreamEvent[] {
    const use = uses.get(id);
    if (!use || json === '') return [];
    use.input.append(json);
    return [{ type: 'toolInput', id: use.id, json }];
  }

  return {
    start: begin,
    appendInput: more,
    updateInput(id, json) {
      return more(id, uses.get(id)?.input.remainder(json) ?? '');
    },
    addUse(id, name, input) {
      const begun = uses.has(id) ? [] : begin(id, name);
      if (uses.get(id)!.input.length() > 0 || input === undefined || input === null) return begun;
      return [...begun, ...more(id, typeof input === 'string' ? input : JSON.stringify(input))];
    },
    addResult(id, result, name = 'tool') {
      const begun = uses.has(id) ? [] : begin(id, name);
      const use = uses.get(id)!;
      if (use.ended) return begun;
      use.ended = true;
      return [...begun, { type: 'toolResult', id: use.id, result }];
    },
    newId() {
      count += 1;
      return `use ${count}`;
    },
  };
}
