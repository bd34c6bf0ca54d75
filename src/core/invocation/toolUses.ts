import type { ToolResult } from '../../shared/chat/answer.ts';
import type { StreamEvent } from './answer.ts';
import { createStreamedText, type StreamedText } from './streamedText.ts';

/**
 * Tool uses of one answer. Streams may report a use several times, in pieces and complete, or only its
 * result. The events that are returned start each use once, extend its input, and end it once.
 */
export interface ToolUses {
  /** Starts a use whose input follows in pieces. */
  start(id: string, name: string): StreamEvent[];
  /** Adds a piece of the input. */
  appendInput(id: string, json: string): StreamEvent[];
  /** Sets the input so far, which repeats the pieces before. */
  updateInput(id: string, json: string): StreamEvent[];
  /** Adds a use with its whole input. */
  addUse(id: string, name: string, input: unknown): StreamEvent[];
  /** Adds the result of a use; `name` is for a use that was not started. */
  addResult(id: string, result: ToolResult, name?: string): StreamEvent[];
  /** Creates an id for a use that has none. */
  newId(): string;
}

/** Creates the tool uses of an answer. */
export function createToolUses(): ToolUses {
  /** Tool uses by the agent's id. Some agents reuse numbers in each message, so `id` is unique. */
  const uses = new Map<
    string,
    { readonly id: string; readonly input: StreamedText; ended: boolean }
  >();
  let count = 0;

  function start(id: string, name: string): StreamEvent[] {
    const before = uses.get(id);
    if (before && !before.ended) return [];
    count += 1;
    const uniqueId = before ? `${id} ${count}` : id;
    uses.set(id, { id: uniqueId, input: createStreamedText(), ended: false });
    return [{ type: 'tool', id: uniqueId, name }];
  }

  function appendInput(id: string, json: string): StreamEvent[] {
    const use = uses.get(id);
    if (!use || json === '') return [];
    use.input.append(json);
    return [{ type: 'toolInput', id: use.id, json }];
  }

  return {
    start,
    appendInput,
    updateInput(id, json) {
      return appendInput(id, uses.get(id)?.input.remainder(json) ?? '');
    },
    addUse(id, name, input) {
      const started = uses.has(id) ? [] : start(id, name);
      if (uses.get(id)!.input.length() > 0 || input === undefined || input === null) return started;
      const json = typeof input === 'string' ? input : JSON.stringify(input);
      return [...started, ...appendInput(id, json)];
    },
    addResult(id, result, name = 'tool') {
      const started = uses.has(id) ? [] : start(id, name);
      const use = uses.get(id)!;
      if (use.ended) return started;
      use.ended = true;
      return [...started, { type: 'toolResult', id: use.id, result }];
    },
    newId() {
      count += 1;
      return `use ${count}`;
    },
  };
}
